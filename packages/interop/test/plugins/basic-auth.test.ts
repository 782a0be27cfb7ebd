import basicAuth from '@fastify/basic-auth'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

const PASSWORD = 'canary-4eC39HqLyjWDarjtT1zdp7dc'
const parts: Parts = {
  plugin: (app) =>
    app.register(basicAuth, {
      authenticate: { realm: 'orders' },
      validate: async (name, password, request) => {
        if (name !== 'ann' || password !== PASSWORD) throw new Error('No such password')
        Object.assign(request, { user: name })
      },
    }),
  routes: (app) => {
    app.addHook('onRequest', app.basicAuth)
    app.get('/crash', async () => {
      throw new Error('boom')
    })
  },
}

const as = (name: string, password: string): RequestInit => ({
  headers: { authorization: `Basic ${btoa(`${name}:${password}`)}` },
})

describe.each(SETUPS)('@fastify/basic-auth, registered $order, $format', (setup) => {
  it('challenges with a 401 in our format, and no password is in a report', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    for (const init of [{}, as('ann', 'wrong')]) {
      const answer = await fetch(`${address}/crash`, init)
      expect(headOf(answer)).toEqual(headOf(await fetch(`${plain}/crash`, init)))
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="orders", charset="UTF-8"')
      const isMissing = !('headers' in init)
      await expectError(answer, setup.format, {
        status: 401,
        id: 'unauthenticated',
        ...(isMissing ? { code: 'FST_BASIC_AUTH_MISSING_OR_BAD_AUTHORIZATION_HEADER' } : {}),
        message: isMissing ? 'Missing or bad formatted authorization header' : 'No such password',
      })
    }
    expect((await fetch(`${address}/crash`, as('ann', PASSWORD))).status).toBe(500)
    await settled()
    expect(reports.map(({ user }) => user?.id)).toEqual(['ann'])
    expect(JSON.stringify(reports)).not.toContain(PASSWORD)
    expect(JSON.stringify(reports)).not.toContain(btoa(`ann:${PASSWORD}`))
  })
})
