import cookie from '@fastify/cookie'
import session from '@fastify/session'
import { describe, expect, it } from 'vitest'
import { expectError } from './error-answer.js'
import { type Parts, SETUPS, startFamily } from './family.js'

declare module 'fastify' {
  interface Session {
    who?: string
  }
}

// Not one that is in use anywhere.
const SECRET = 'a secret of this test alone, long enough'

const parts: Parts = {
  core: { user: ({ session: { who } }) => who },
  plugin: async (app) => {
    await app.register(cookie)
    await app.register(session, { secret: SECRET, cookie: { secure: false } })
  },
  routes: (app) => {
    app.get('/login', (request) => {
      request.session.who = 'ann'
      return 'ok'
    })
    app.get('/crash', (request) => {
      request.session.set('seen', true as never)
      throw new Error('boom')
    })
  },
}

describe.each(SETUPS)('@fastify/session, registered $order, $format', (setup) => {
  it('is saved with an error answer too, tells who the user is, and is in no report', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const [set = ''] = (await fetch(`${address}/login`)).headers.getSetCookie()
    const [pair = ''] = set.split(';', 1)
    expect(pair).toMatch(/^sessionId=./)
    const crash = await fetch(`${address}/crash`, { headers: { cookie: pair } })
    expect(crash.headers.getSetCookie()).toHaveLength(1)
    await expectError(crash, setup.format, {
      status: 500,
      id: 'internal-server-error',
      code: 'SERVER_ERROR',
      message: 'An unexpected error occurred',
    })
    await settled()
    expect(reports.map(({ user }) => user?.id)).toEqual(['ann'])
    expect(JSON.stringify(reports)).not.toContain(pair.slice('sessionId='.length))
  })
})
