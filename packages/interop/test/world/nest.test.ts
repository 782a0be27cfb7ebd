import { expect, it } from 'vitest'
import { runProgram } from '../run-program.js'

interface Seen {
  readonly answers: Readonly<Record<string, { readonly status: number; readonly body: unknown }>>
  readonly titles: readonly string[]
}

it('a NestJS service with the exception filter answers and reports as a Fastify service does', async () => {
  const { answers, titles } = (await runProgram('world/nest-service.mjs')) as Seen
  expect(answers).toEqual({
    abort: { status: 429, body: { error: { id: 'orders-too-many', message: 'Too many orders' } } },
    registered: {
      status: 409,
      body: { error: { id: 'orders-sold-out', message: 'Sold out', details: { left: 1 } } },
    },
    service: {
      status: 401,
      body: { error: { id: 'invalid-user', message: "Sorry, we don't know you" } },
    },
    nest: { status: 404, body: { error: { id: 'not-found', message: 'No such order' } } },
    bug: {
      status: 500,
      body: { error: { id: 'internal-server-error', message: 'An unexpected error occurred' } },
    },
    object: { status: 409, body: { error: { id: 'conflict', message: 'Closed on Sundays' } } },
    fatal: {
      status: 500,
      body: { error: { id: 'internal-server-error', message: 'An unexpected error occurred' } },
    },
    guarded: {
      status: 403,
      body: { error: { id: 'unauthorized', message: 'Forbidden resource' } },
    },
    current: { status: 200, body: { url: '/orders/current', timeline: 1 } },
    pipe: {
      status: 400,
      body: {
        error: { id: 'bad-request', message: 'Validation failed (numeric string is expected)' },
      },
    },
    // NestJS answers unknown routes by a handler of its own, to which a wrong method is an unknown route.
    wrongMethod: {
      status: 404,
      body: { error: { id: 'not-found', message: 'Cannot DELETE /orders/nest' } },
    },
    unknown: {
      status: 404,
      body: { error: { id: 'not-found', message: 'Cannot GET /nowhere' } },
    },
    invalid: {
      status: 400,
      body: {
        error: {
          id: 'bad-request',
          message: 'amount must be an integer number; address.city must be a string',
          details: [
            { path: '', message: 'amount must be an integer number' },
            { path: '', message: 'address.city must be a string' },
          ],
        },
      },
    },
    byErrors: {
      status: 400,
      body: {
        error: {
          id: 'bad-request',
          message: 'amount must be an integer number; city must be a string',
          details: [
            { path: '/amount', message: 'amount must be an integer number' },
            { path: '/address/city', message: 'city must be a string' },
          ],
        },
      },
    },
    malformed: {
      status: 400,
      body: {
        error: { id: 'bad-request', message: expect.stringContaining('not valid JSON') },
      },
    },
    tooLarge: {
      status: 413,
      body: { error: { id: 'payload-too-large', message: 'Request body is too large' } },
    },
  })
  expect(titles).toEqual([
    'FATAL BACKEND ERROR app 500 SERVER_ERROR: GET /orders/bug: the pool is exhausted',
    'FATAL BACKEND ERROR app 500 SERVER_ERROR: GET /orders/fatal: the pool of 10.0.0.7 is exhausted',
  ])
}, 60_000)
