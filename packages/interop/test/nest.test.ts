import { expect, it } from 'vitest'
import { runProgram } from './run-program.js'

interface Seen {
  readonly answers: Readonly<Record<string, { readonly status: number; readonly body: unknown }>>
  readonly titles: readonly string[]
}

it('a NestJS service with the exception filter answers and reports as a Fastify service does', async () => {
  const { answers, titles } = (await runProgram('nest-service.mjs')) as Seen
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
    unknown: {
      status: 404,
      body: { error: { id: 'not-found', message: 'Cannot GET /nowhere' } },
    },
    invalid: {
      status: 400,
      body: {
        error: {
          id: 'bad-request',
          message: 'amount must be an integer number',
          details: [{ path: '', message: 'amount must be an integer number' }],
        },
      },
    },
  })
  expect(titles).toEqual([
    'FATAL BACKEND ERROR app 500 SERVER_ERROR: GET /orders/bug: the pool is exhausted',
  ])
}, 60_000)
