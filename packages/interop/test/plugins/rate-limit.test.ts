import rateLimit, { type RateLimitPluginOptions } from '@fastify/rate-limit'
import { abort } from '@fastify-scs/core'
import { describe, expect, it } from 'vitest'
import { expectError, headOf } from './error-answer.js'
import { type Parts, SETUPS, startFamily, startPlain } from './family.js'

function partsWith(options: RateLimitPluginOptions): Parts {
  return {
    plugin: (app) => app.register(rateLimit, { max: 1, timeWindow: 60_000, ...options }),
    routes: (app) => app.get('/', () => 'ok'),
  }
}

/** The second answer, which is refused, as with the plugin alone. */
async function refused(address: string, plain: string): Promise<Response> {
  await (await fetch(address)).text()
  await (await fetch(plain)).text()
  const [answer, other] = [await fetch(address), await fetch(plain)]
  expect(headOf(answer)).toEqual(headOf(other))
  return answer
}

describe.each(SETUPS)('@fastify/rate-limit, registered $order, $format', (setup) => {
  const { format } = setup

  async function refusedWith(options: RateLimitPluginOptions): Promise<Response> {
    const parts = partsWith(options)
    const { address, reports, settled } = await startFamily(setup, parts)
    const answer = await refused(address, await startPlain(parts))
    await settled()
    expect(reports).toEqual([])
    return answer
  }

  it('answers 429 with Retry-After and its other headers', async () => {
    const answer = await refusedWith({})
    expect(answer.headers.get('retry-after')).toBe('60')
    expect(answer.headers.get('x-ratelimit-limit')).toBe('1')
    const message = 'Rate limit exceeded, retry in 1 minute'
    await expectError(answer, format, { status: 429, id: 'too-many-requests', message })
  })

  it('answers what an errorResponseBuilder has made, an object or an error', async () => {
    const object = await refusedWith({
      errorResponseBuilder: (_request, { statusCode, ttl }) => ({
        statusCode,
        message: 'Slow down',
        retryInMs: ttl,
      }),
    })
    expect(object.headers.get('retry-after')).toBe('60')
    const told = { status: 429, id: 'too-many-requests', message: 'Slow down' }
    const text = await object.clone().text()
    expect(text).toContain('"retryInMs":')
    expect([object.status, text.includes('Slow down')]).toEqual([429, true])
    const error = await refusedWith({
      errorResponseBuilder: (_request, { statusCode }) =>
        Object.assign(new Error('Slow down'), { statusCode, code: 'ORDERS_SLOW_DOWN' }),
    })
    expect(error.headers.get('retry-after')).toBe('60')
    await expectError(error, format, { ...told, code: 'ORDERS_SLOW_DOWN' })
  })

  it('answers 403 to who is banned', async () => {
    const parts = partsWith({ ban: 0 })
    const { address } = await startFamily(setup, parts)
    const answer = await refused(address, await startPlain(parts))
    await expectError(answer, format, { status: 403, id: 'unauthorized', message: 'Rate limit' })
  })

  it('limits unknown routes by the recipe of its README, in our format', async () => {
    const { address } = await startFamily(setup, {
      ...partsWith({ global: false }),
      routes: (app) => {
        const preHandler = app.rateLimit({ max: 1, timeWindow: 60_000 })
        app.setNotFoundHandler({ preHandler }, () => abort(404))
      },
    })
    const unknown = { status: 404, id: 'not-found', message: 'Not Found' }
    await expectError(await fetch(`${address}/nowhere`), format, unknown)
    const limited = await fetch(`${address}/nowhere`)
    expect(limited.headers.get('retry-after')).toBe('60')
    const told = { status: 429, id: 'too-many-requests', message: 'Rate limit exceeded' }
    await expectError(limited, format, told)
  })

  it('a store of counts that fails is a crash, reported once, unless skipOnError is set', async () => {
    class Away {
      incr(_key: string, done: (error: Error) => void): void {
        done(new Error('redis is away'))
      }
      child(): Away {
        return this
      }
    }
    const store = Away as never
    const { address, reports, settled } = await startFamily(setup, partsWith({ store }))
    await expectError(await fetch(address), format, {
      status: 500,
      id: 'internal-server-error',
      code: 'SERVER_ERROR',
      message: 'An unexpected error occurred',
    })
    await settled()
    expect(reports).toHaveLength(1)
    const lenient = await startFamily(setup, partsWith({ store, skipOnError: true }))
    expect(await (await fetch(lenient.address)).text()).toBe('ok')
  })
})
