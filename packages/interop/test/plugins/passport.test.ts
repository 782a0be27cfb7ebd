import cookie from '@fastify/cookie'
import { Authenticator, Strategy } from '@fastify/passport'
import session from '@fastify/session'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

// Not one that is in use anywhere.
const SECRET = 'a secret of this test alone, long enough'

/** Knows Ann by a header, fails for others, and breaks for one. */
class HeaderStrategy extends Strategy {
  override authenticate(request: { readonly headers: Record<string, unknown> }): void {
    const { who } = request.headers
    if (who === 'ann') this.success({ id: 'ann' })
    else if (who === 'broken') this.error(new Error('the directory is away'))
    else this.fail('Header', 401)
  }
}

const parts: Parts = {
  plugin: async (app) => {
    const passport = new Authenticator()
    passport.use('header', new HeaderStrategy('header'))
    await app.register(cookie)
    await app.register(session, {
      secret: SECRET,
      cookie: { secure: false },
      saveUninitialized: false,
    })
    await app.register(passport.initialize())
    const preValidation = {
      '/crash': passport.authenticate('header', { session: false }),
      '/thrown': passport.authenticate('header', { session: false, failWithError: true }),
    }
    app.addHook('onRoute', (route) => {
      route.preValidation = preValidation[route.url as keyof typeof preValidation] ?? []
    })
  },
  routes: (app) => {
    app.get('/crash', async () => {
      throw new Error('boom')
    })
    app.get('/thrown', () => 'ok')
  },
}

const asked = (who: string): RequestInit => ({ headers: { who } })

describe.each(SETUPS)('@fastify/passport, registered $order, $format', (setup) => {
  it('tells who the user is; its refusal is ours with failWithError, else its own', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    const refused = await fetch(`${address}/crash`, asked('eve'))
    const other = await fetch(`${plain}/crash`, asked('eve'))
    expect(headOf(refused)).toEqual(headOf(other))
    expect(await refused.text()).toBe(await other.text())
    expect(refused.status).toBe(401)
    const thrown = await fetch(`${address}/thrown`, asked('eve'))
    expect(headOf(thrown)).toEqual(headOf(await fetch(`${plain}/thrown`, asked('eve'))))
    const told = { status: 401, id: 'unauthenticated', message: 'Unauthorized' }
    await expectError(thrown, setup.format, told)
    for (const who of ['ann', 'broken'])
      await expectError(await fetch(`${address}/crash`, asked(who)), setup.format, {
        status: 500,
        id: 'internal-server-error',
        code: 'SERVER_ERROR',
        message: 'An unexpected error occurred',
      })
    await settled()
    expect(reports.map(({ user }) => user?.id)).toEqual(['ann', null])
  })
})
