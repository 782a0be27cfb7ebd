import cookie from '@fastify/cookie'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

const parts: Parts = {
  plugin: (app) => app.register(cookie),
  routes: (app) => {
    app.get('/conflict', (request, reply) => {
      reply.setCookie('seen', '1', { path: '/', httpOnly: true }).clearCookie('old')
      throw Object.assign(new Error(`Sold out for ${request.cookies.who}`), { statusCode: 409 })
    })
    app.get('/crash', (_request, reply) => {
      reply.setCookie('seen', '1')
      throw new Error('boom')
    })
  },
}

describe.each(SETUPS)('@fastify/cookie, registered $order, $format', (setup) => {
  it('its cookies are set by error answers too, and none is in a report', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    const init = { headers: { cookie: 'who=Ann; session=canary-4eC39HqLyjWDarjtT1zdp7dc' } }
    const answer = await fetch(`${address}/conflict`, init)
    expect(headOf(answer)).toEqual(headOf(await fetch(`${plain}/conflict`, init)))
    expect(answer.headers.getSetCookie()).toHaveLength(2)
    const told = { status: 409, id: 'conflict', message: 'Sold out for Ann' }
    await expectError(answer, setup.format, told)
    const crash = await fetch(`${address}/crash`, init)
    expect(crash.headers.getSetCookie()).toEqual([expect.stringMatching(/^seen=1/)])
    await settled()
    expect(reports).toHaveLength(1)
    expect(JSON.stringify(reports)).not.toContain('canary')
  })
})
