import underPressure from '@fastify/under-pressure'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

const parts: Parts = {
  plugin: (app) =>
    app.register(underPressure, {
      healthCheck: async () => false,
      healthCheckInterval: 60_000,
      exposeStatusRoute: true,
      retryAfter: 50,
      message: 'The stock at 10.0.0.7 is away',
    }),
  routes: (app) => app.get('/', () => 'ok'),
}

describe.each(SETUPS)('@fastify/under-pressure, registered $order, $format', (setup) => {
  const { format } = setup

  it('answers 503 with Retry-After, and is reported as one group', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    const plain = await startPlain(parts)
    // A route that was declared before ours keeps Fastify's error handler, and the log says so.
    const paths = setup.order === 'after ours' ? ['/', '/status', '/'] : ['/', '/']
    for (const path of paths) {
      const answer = await fetch(address + path)
      expect(headOf(answer)).toEqual(headOf(await fetch(plain + path)))
      expect(answer.headers.get('retry-after')).toBe('50')
      await expectError(answer, format, {
        status: 503,
        id: 'service-unavailable',
        message: 'Service Unavailable',
      })
    }
    await settled()
    expect(new Set(reports.map(({ fingerprint }) => fingerprint)).size).toBe(1)
  })
})
