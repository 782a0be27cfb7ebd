import { createScsClient, isScsError, readScsError } from '@fastify-scs/client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ordersService } from './orders-service.js'

describe.each(['scs', 'pymacaron', 'problem'] as const)('the format %s', (format) => {
  let app: Awaited<ReturnType<typeof ordersService>>
  beforeAll(async () => {
    app = await ordersService(format)
  })
  afterAll(() => app.close())
  const bodyOf = async (url: string): Promise<unknown> => (await app.inject(url)).json()

  it('is read into one shape', async () => {
    const error = readScsError(await bodyOf('/sold-out'), { status: 409 })
    expect(error).toEqual({
      id: 'orders-sold-out',
      code: 'ORDERS_SOLD_OUT',
      message: 'Only 2 are left',
      details: { left: 2 },
      status: 409,
      errorId: undefined,
      format,
    })
  })

  it('tells the id of a body, and that of a read error', async () => {
    const body = await bodyOf('/sold-out')
    const error = readScsError(body)
    for (const value of [body, error]) {
      expect(isScsError(value, 'orders-sold-out')).toBe(true)
      expect(isScsError(value, 'orders-closed')).toBe(false)
      expect(
        createScsClient<{ 'orders-sold-out': unknown }>().isScsError(value, 'orders-sold-out'),
      ).toBe(true)
    }
    expect(readScsError(error)).toBe(error)
  })

  it('has an id for a ServiceError, an unexpected error, an unknown route and a wrong request', async () => {
    const read = async (url: string) => readScsError(await bodyOf(url))
    expect(await read('/not-paid')).toMatchObject({
      id: 'order-not-paid',
      code: 'ORDER_NOT_PAID',
      message: 'Please pay first',
      details: undefined,
    })
    expect((await read('/closed'))?.message).toBe('Closed: Sunday')
    expect((await read('/broken'))?.message).toBe('An unexpected error occurred')
    expect((await read('/nowhere'))?.id).toBe('not-found')
    expect((await read('/pages'))?.details).toEqual([
      { path: 'querystring/page', message: expect.any(String) },
    ])
  })

  it('is not what answers without an error', async () => {
    expect(readScsError(await bodyOf('/fine'))).toBeUndefined()
  })
})

it('an id that nobody knows is read all the same', () => {
  const body = { error: { id: 'from-next-year', message: 'New', details: [1], more: true } }
  expect(readScsError(body)).toMatchObject({ id: 'from-next-year', details: [1] })
})

it('a body of the pymacaron format has the code alone, so each id of that code is its id', () => {
  const body = { error: 'AUTH_RATE_LIMITED', error_description: 'Slow down', status: 429 }
  expect(isScsError(body, 'auth_rate.limited')).toBe(true)
  const error = readScsError(body)
  expect(isScsError(error, 'auth-rate-limited')).toBe(true)
  expect(isScsError(error, 'auth_rate.limited')).toBe(false)
})

it('the head of the answer says what the body does not, and no nonsense is taken', () => {
  const body = { error: { id: 'x', message: 'x' } }
  expect(readScsError(body, { status: 409, errorId: 'abc' })).toMatchObject({
    status: 409,
    errorId: 'abc',
  })
  for (const head of [{ status: 200, errorId: '<b>' }, { status: 'x', errorId: 7 }, {}]) {
    expect(readScsError(body, head)).toMatchObject({ status: undefined, errorId: undefined })
  }
})

const trap = new Proxy(
  {},
  {
    get: () => {
      throw new Error('not to be read')
    },
  },
)

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', '{"error":{"id":"x"}}'],
  ['a number', 7],
  ['a list', [{ id: 'x' }]],
  ['an empty object', {}],
  ['an id without a text', { error: { id: 7, message: 'x' } }],
  ['an error of JSON:API or GraphQL', { error: { id: 'x', code: 'X', title: 'x' } }],
  ['a code of another service', { error: 'NOT_FOUND', status: 404 }],
  ['a code with a text of another service', { error: 'NOT_FOUND', error_description: 'x' }],
  ['a wrong status', { error: 'NOT_FOUND', error_description: 'x', status: 200 }],
  ['an empty id', { error: { id: ' ', message: 'x' } }],
  ['an error of Fastify', { statusCode: 404, error: 'Not Found', message: 'x' }],
  ['an error of OAuth', { error: 'invalid_grant', error_description: 'x' }],
  ['an error of Spring', { timestamp: 1, status: 404, error: 'Not Found', path: '/' }],
  ['a problem without an id', { type: 'about:blank', title: 'Not Found', status: 404 }],
  ['a row with an id and a status', { id: '7', status: 404, title: 'A book' }],
  ['an object that cannot be read', trap],
  ['an error that cannot be read', { error: trap }],
  ['a function', () => 'x'],
])('%s is no error of a service of this family, and nothing is thrown', (_what, body) => {
  expect(readScsError(body)).toBeUndefined()
  expect(isScsError(body, 'x')).toBe(false)
})

it('nothing that is read throws, or changes what every object has', () => {
  const keys = [
    'error',
    'id',
    'message',
    'status',
    'type',
    'title',
    'format',
    '__proto__',
    'toString',
  ]
  const body = fc.object({
    key: fc.oneof(fc.constantFrom(...keys), fc.string()),
    values: [
      fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true }),
      fc.constantFrom<unknown>(trap, 'X', 'x'.repeat(100_000), () => 'x', Symbol('x'), 404),
      fc.constant({
        toString: () => {
          throw new Error('not to be read')
        },
      }),
    ],
  })
  const before = Reflect.ownKeys(Object.prototype)
  fc.assert(
    fc.property(fc.oneof(body, fc.anything()), fc.anything(), fc.anything(), (value, head, id) => {
      const error = readScsError(value, head as object)
      isScsError(value, id as string)
      isScsError(error, id as string)
      if (error !== undefined) expect(isScsError(error, error.id)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before)
})

it('ids that are names of every object are ordinary ids', () => {
  for (const id of ['__proto__', 'constructor', 'toString']) {
    const body: unknown = JSON.parse(`{"error":{"id":"${id}","message":"x"}}`)
    expect(readScsError(body)?.id).toBe(id)
    expect(isScsError(body, id)).toBe(true)
    expect(isScsError({ error: {} }, id)).toBe(false)
  }
})
