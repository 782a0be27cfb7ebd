import circuitBreaker from '@fastify/circuit-breaker'
import { describe, expect, it } from 'vitest'
import { expectError } from './error-answer.js'
import { type Parts, SETUPS, startFamily } from './family.js'

const parts: Parts = {
  plugin: (app) => app.register(circuitBreaker, { threshold: 2, resetTimeout: 60_000 }),
  routes: (app) =>
    app.get('/crash', { preHandler: app.circuitBreaker() }, async () => {
      throw new Error('boom')
    }),
}

describe.each(SETUPS)('@fastify/circuit-breaker, registered $order, $format', (setup) => {
  const { format } = setup

  it('answers 503 once the circuit is open; the calls that open it have their own error', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const crash = {
      status: 500,
      id: 'internal-server-error',
      code: 'SERVER_ERROR',
      message: 'An unexpected error occurred',
    }
    const open = { status: 503, id: 'service-unavailable', message: 'Service Unavailable' }
    for (const told of [crash, crash, open, open])
      await expectError(await fetch(`${address}/crash`), format, told)
    await settled()
    expect(reports.map(({ response }) => response?.status)).toEqual([500, 500, 503, 503])
  })
})
