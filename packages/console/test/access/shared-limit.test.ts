import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit'
import { expect, it, onTestFinished } from 'vitest'
import { buildApp } from '../build-app.js'

it('calls are counted in the store of an @fastify/rate-limit that the application has registered', async () => {
  const counted = new Map<string, number>()
  class SharedStore implements FastifyRateLimitStore {
    incr(
      key: string,
      callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
    ): void {
      const current = (counted.get(key) ?? 0) + 1
      counted.set(key, current)
      callback(null, { current, ttl: 1_000 })
    }

    child(): FastifyRateLimitStore {
      return this
    }
  }
  const app = await buildApp({
    before: (own) => own.register(rateLimit, { global: false, store: SharedStore }),
    console: { rateLimit: { max: 2, windowMs: 60_000 } },
  })
  onTestFinished(() => app.close())
  const ask = async () => (await app.inject('/_scs/api/session')).statusCode
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429])
  expect([...counted.values()]).toEqual([3])
})
