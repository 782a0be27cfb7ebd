import jwt from '@fastify/jwt'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

// Not one that is in use anywhere.
const SECRET = 'a secret of this test alone'

const audited: string[] = []
const parts: Parts = {
  core: { audit: { stream: { write: (line: string) => void audited.push(line) } } },
  plugin: (app) => app.register(jwt, { secret: SECRET }),
  routes: (app) => {
    app.addHook('onRequest', async (request) => {
      await request.jwtVerify()
    })
    app.get('/me', async (request) => {
      if (app.hasDecorator('scs')) request.addAuditEvent('orders-read', {})
      return { sub: (request.user as { sub: string }).sub }
    })
    app.get('/crash', async () => {
      throw new Error('boom')
    })
  },
}

describe.each(SETUPS)('@fastify/jwt, registered $order, $format', (setup) => {
  const { format } = setup

  it('finds the user of the token, in audit lines and in crash reports, and no token', async () => {
    const { app, address, reports, settled } = await startFamily(setup, {
      ...parts,
      routes: async (each) => {
        await parts.routes(each)
        each.scs.registerAuditEvent({ type: 'orders-read', level: 'INFO', messageTemplate: 'Read' })
      },
    })
    audited.length = 0
    const token = app.jwt.sign({ sub: 'ann' })
    const headers = { authorization: `Bearer ${token}` }
    expect(await (await fetch(`${address}/me`, { headers })).json()).toEqual({ sub: 'ann' })
    expect(audited.join('')).toContain('"user":"ann"')
    expect((await fetch(`${address}/crash`, { headers })).status).toBe(500)
    await settled()
    expect(reports).toHaveLength(1)
    expect(reports[0]?.user?.id).toBe('ann')
    const stored = await app.scsStore.find('reports')
    expect(JSON.stringify([reports, stored.items])).not.toContain(token)
  })

  it('answers 401 as without us, and says what is wrong with the token', async () => {
    const { app, address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    const expired = app.jwt.sign({ sub: 'ann', exp: 1 })
    const odd = app.jwt.sign({ sub: 'ann' }).slice(0, -6)
    const cases = [
      [undefined, 'FST_JWT_NO_AUTHORIZATION_IN_HEADER', 'No Authorization was found'],
      [`Bearer ${expired}`, 'FST_JWT_AUTHORIZATION_TOKEN_EXPIRED', 'Authorization token expired'],
      [`Bearer ${odd}`, 'FST_JWT_AUTHORIZATION_TOKEN_INVALID', 'Authorization token is invalid'],
      ['Bearer a b', 'FST_JWT_BAD_REQUEST', 'Format is Authorization: Bearer [token]'],
    ] as const
    for (const [authorization, code, message] of cases) {
      const init = authorization === undefined ? {} : { headers: { authorization } }
      const answer = await fetch(`${address}/me`, init)
      expect(headOf(answer), code).toEqual(headOf(await fetch(`${plain}/me`, init)))
      const status = code === 'FST_JWT_BAD_REQUEST' ? 400 : 401
      const id = status === 400 ? 'bad-request' : 'unauthenticated'
      await expectError(answer, format, { status, id, code, message })
    }
    await settled()
    expect(reports).toEqual([])
  })
})
