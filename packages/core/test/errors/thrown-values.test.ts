import { describe, expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

const hostile = (): never => {
  throw new Error('the trap was sprung')
}
const trap: ProxyHandler<object> = {
  get: hostile,
  has: hostile,
  getPrototypeOf: hostile,
  ownKeys: hostile,
  getOwnPropertyDescriptor: hostile,
}
const revoked = Proxy.revocable({}, {})
revoked.revoke()

const values: Record<string, unknown> = {
  'a string': 'secret detail',
  'a number': 42,
  null: null,
  undefined: undefined,
  false: false,
  'a symbol': Symbol('s'),
  'a BigInt': 10n,
  'a function': () => 'x',
  'an empty object': {},
  'a frozen object': Object.freeze({ statusCode: 200 }),
  'a frozen error': Object.freeze(new Error('secret detail')),
  'an object without a prototype': Object.create(null),
  'a Proxy whose every trap throws': new Proxy(new Error('x'), trap),
  'a revoked Proxy': revoked.proxy,
  'an error whose message throws': Object.defineProperty(new Error('x'), 'message', {
    get: hostile,
  }),
  'an error whose toString throws': Object.assign(new Error('x'), { toString: hostile }),
  'an error whose stack throws': Object.defineProperty(new Error('x'), 'stack', { get: hostile }),
  'an error whose statusCode throws': Object.defineProperty(new Error('x'), 'statusCode', {
    get: hostile,
  }),
  'an error with a status of no error': Object.assign(new Error('x'), { statusCode: 204 }),
  'an error with a status that is text': Object.assign(new Error('x'), { statusCode: '404' }),
  'an error that is its own cause': (() => {
    const error = new Error('x')
    error.cause = error
    return error
  })(),
}

describe.each(['sync', 'async'])('a %s handler', (kind) => {
  it.each(Object.entries(values))(
    'that throws %s is answered once, with 500',
    async (_name, value) => {
      const { app, log } = await buildApp()
      app.get('/', kind === 'sync' ? () => fail(value) : async () => fail(value))
      app.get('/next', () => 'still here')
      const answer = await app.inject('/')
      expect(answer.statusCode).toBe(500)
      expect(answer.json()).toEqual({
        error: { id: 'internal-server-error', message: 'An unexpected error occurred' },
      })
      expect(failureLines(log, 50)).toHaveLength(1)
      expect((await app.inject('/next')).body).toBe('still here')
    },
  )
})

function fail(value: unknown): never {
  throw value
}

it('what a handler throws is in the log: its type, its message and its stack', async () => {
  const { app, log } = await buildApp()
  app.get('/', () => {
    throw new RangeError('out of reach', { cause: new TypeError('the reason') })
  })
  await app.inject('/')
  const err = failureLines(log)[0]?.err as Record<string, string>
  expect(err.type).toBe('RangeError')
  expect(err.message).toContain('out of reach')
  expect(err.stack).toContain('thrown-values.test')
  expect(err.stack).toContain('the reason')
})

it('a 4xx of a foreign error shows its own message, unless it says that it must not', async () => {
  const { app } = await buildApp()
  app.get('/open', () => fail(Object.assign(new Error('that name is taken'), { statusCode: 409 })))
  app.get('/closed', () =>
    fail(Object.assign(new Error('secret detail'), { status: 409, expose: false })),
  )
  expect((await app.inject('/open')).json()).toEqual({
    error: { id: 'conflict', message: 'that name is taken' },
  })
  expect((await app.inject('/closed')).json()).toEqual({
    error: { id: 'conflict', message: 'Conflict' },
  })
})

it('a 5xx of a foreign error never shows its text', async () => {
  const { app } = await buildApp()
  app.get('/', () =>
    fail(Object.assign(new Error('secret detail'), { statusCode: 502, expose: true })),
  )
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(502)
  expect(answer.json()).toEqual({ error: { id: 'bad-gateway', message: 'Bad Gateway' } })
})

it('a status that the handler has set wins over that of a foreign error, as in Fastify', async () => {
  const { app } = await buildApp()
  app.get('/', (_q, reply) => {
    reply.code(409)
    throw new Error('that name is taken')
  })
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(409)
  expect(answer.json().error).toEqual({ id: 'conflict', message: 'that name is taken' })
})

it('headers that an error brings are sent; headers that are none are not', async () => {
  const { app } = await buildApp()
  const headers = { 'www-authenticate': 'Bearer' }
  app.get('/', () => fail(Object.assign(new Error('x'), { statusCode: 401, headers })))
  app.get('/bad', () => fail(Object.assign(new Error('x'), { statusCode: 401, headers: 'x' })))
  expect((await app.inject('/')).headers['www-authenticate']).toBe('Bearer')
  expect((await app.inject('/bad')).statusCode).toBe(401)
})
