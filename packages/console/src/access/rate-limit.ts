import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TooManyRequestsError } from '../api/refusals.js'
import { DEFAULT_MAX_CALLS, DEFAULT_WINDOW_MS, type ResolvedOptions } from '../options.js'

/**
 * Counts the calls of each client. In a context of its own: the routes of the application are not counted.
 *
 * @throws TooManyRequestsError from the function that is returned
 */
export async function callLimit(
  app: FastifyInstance,
  limits: ResolvedOptions['rateLimit'],
): Promise<(request: FastifyRequest) => Promise<void>> {
  if (limits === false) return async () => {}
  let count: ReturnType<FastifyInstance['createRateLimit']> | undefined
  const { max = DEFAULT_MAX_CALLS, windowMs: timeWindow = DEFAULT_WINDOW_MS } = limits
  await app.register(async (context) => {
    await context.register(rateLimit, { global: false, max, timeWindow })
    count = context.createRateLimit({ max, timeWindow })
  })
  return async (request) => {
    const counted = await count?.(request)
    if (counted === undefined || counted.isAllowed || !counted.isExceeded) return
    throw new TooManyRequestsError(
      `The console takes ${max} calls in ${timeWindow / 1_000} s from one client`,
      counted.ttlInSeconds,
    )
  }
}
