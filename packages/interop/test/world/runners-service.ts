import { expect } from 'vitest'

/** What `programs/world/runners/service.mjs` sees, whoever runs it. */
export const SEEN = {
  answers: {
    '/bug': [500, bodyOf('internal-server-error', 'An unexpected error occurred')],
    '/pool': [500, bodyOf('pool-empty', 'Come again')],
    '/user': [401, bodyOf('invalid-user', 'Who are you?')],
    '/abort': [404, bodyOf('not-found', 'Not Found')],
    '/model': [409, bodyOf('no-stock', 'Gone')],
    '/plain': [
      418,
      bodyOf('i-m-a-teapot', "I'm a Teapot", { list: [1, '1970-01-01T00:00:00.000Z'] }),
    ],
    '/both': [500, bodyOf('internal-server-error', 'An unexpected error occurred')],
    '/call': [500, bodyOf('internal-server-error', 'An unexpected error occurred')],
    '/sold-out': [
      409,
      bodyOf('orders-sold-out', 'Sold out', {
        left: 0,
        at: '1970-01-01T00:00:00.000Z',
        list: [1],
      }),
    ],
    '/orders/7': [200, { n: '7' }],
    '/nowhere': [404, bodyOf('not-found', 'Route GET:/nowhere not found')],
  },
  reports: [
    {
      title: expect.stringContaining('GET /bug: the pool is exhausted'),
      name: 'TypeError',
      causes: ['RangeError: too many'],
    },
    {
      title: expect.stringContaining('POOL_EMPTY: GET /pool: none left'),
      name: 'PoolError',
      causes: [],
    },
    {
      title: expect.stringContaining('GET /both: both: one | two'),
      name: 'AggregateError',
      causes: [],
    },
    {
      title: expect.stringContaining('GET /call: fetch failed: connect ECONNREFUSED'),
      name: 'TypeError',
      causes: ['Error: connect ECONNREFUSED 127.0.0.1:1234'],
    },
  ],
  events: ['Order 7 was seen'],
  calls: ['Failed http://127.0.0.1:1234/pay'],
}

function bodyOf(id: string, message: string, details?: object): object {
  return { error: { id, message, ...(details === undefined ? {} : { details }) } }
}
