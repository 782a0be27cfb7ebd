import scsPlugin, { abort, defineError, type ErrorDefinition } from '@fastify-scs/core'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

const rateLimit: ErrorDefinition = {
  code: 429,
  id: 'auth-rate-limited',
  message: 'Rate limited due to too many false auth attempts from this ip',
}

it('abort answers with the message that is registered for the id', async () => {
  const { app, log } = await buildApp()
  app.scs.registerError(rateLimit)
  app.get('/', () => abort(429, { id: 'auth-rate-limited' }))
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(429)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(answer.body).toBe(
    '{"error":{"id":"auth-rate-limited","message":"Rate limited due to too many false auth attempts from this ip"}}',
  )
  expect(failureLines(log)).toHaveLength(1)
  expect(failureLines(log)[0]).toMatchObject({ level: 30, status: 429 })
})

it('abort and the factories pass details on', async () => {
  const { app } = await buildApp()
  const rateLimited = app.scs.registerError(rateLimit)
  app.get('/abort', () => abort(429, { id: 'auth-rate-limited', details: { retryAfter: 3 } }))
  app.get('/throw', () => {
    throw rateLimited({ details: { retryAfter: 3 } })
  })
  for (const url of ['/abort', '/throw']) {
    const answer = await app.inject(url)
    expect(answer.json()).toEqual({
      error: { id: rateLimit.id, message: rateLimit.message, details: { retryAfter: 3 } },
    })
  }
})

it('a body without details is not changed by an answer with details before it', async () => {
  const { app } = await buildApp()
  const rateLimited = app.scs.registerError(rateLimit)
  app.get<{ Querystring: { with?: string } }>('/', (request) => {
    throw rateLimited(request.query.with === undefined ? {} : { details: [1] })
  })
  expect((await app.inject('/')).json().error.details).toBeUndefined()
  expect((await app.inject('/?with=1')).json().error.details).toEqual([1])
  expect((await app.inject('/')).json().error.details).toBeUndefined()
})

it('abort without an id answers with the first id registered for the code', async () => {
  const { app } = await buildApp()
  app.scs.registerError({ code: 409, id: 'first', message: 'The first' })
  app.scs.registerError({ code: 409, id: 'second', message: 'The second' })
  app.get('/', () => abort(409))
  expect((await app.inject('/')).json()).toEqual({ error: { id: 'first', message: 'The first' } })
})

it('abort with a code for which nothing is registered makes the id from the status', async () => {
  const { app } = await buildApp()
  app.get('/', () => abort(418))
  expect((await app.inject('/')).json()).toEqual({
    error: { id: 'i-m-a-teapot', message: "I'm a Teapot" },
  })
})

it('an id that is not registered for the code answers with the default and is logged as an error', async () => {
  const { app, log } = await buildApp()
  app.get('/', () => abort(403, { id: 'no-such-id' }))
  const answer = await app.inject('/')
  expect(answer.json().error.id).toBe('unauthorized')
  const [line] = failureLines(log, 50)
  expect(line?.msg).toBe('the error id "no-such-id" is not registered for code 403')
})

it('the five answers of SCS are registered from the start', async () => {
  const { app } = await buildApp()
  expect(app.scs.errors.map(({ code, id }) => [code, id])).toEqual([
    [400, 'bad-request'],
    [401, 'unauthenticated'],
    [403, 'unauthorized'],
    [405, 'method-not-allowed'],
    [500, 'internal-server-error'],
  ])
})

it('another message for the same id and code is a conflict, for another code it is not', async () => {
  const { app } = await buildApp()
  app.scs.registerError(rateLimit)
  expect(() => app.scs.registerError({ ...rateLimit, message: 'Slow down' })).toThrow(
    expect.objectContaining({ code: 'SCS_ERR_CONFLICT' }),
  )
  expect(() => app.scs.registerError({ ...rateLimit, code: 403 })).not.toThrow()
})

it('the very same definition may be registered again, as an onRegister hook does', async () => {
  const { app } = await buildApp()
  const defined = defineError({ code: 403, id: 'shop-closed', message: 'The shop is closed' })
  const factories = new Set<unknown>()
  app.addHook('onRegister', (instance) => {
    factories.add(instance.scs.registerError(rateLimit))
    factories.add(instance.scs.registerError(defined))
  })
  app.register(async (child) => {
    child.get('/a', () => abort(429, { id: 'auth-rate-limited' }))
  })
  app.register(async (child) => {
    child.get('/b', () => {
      throw defined()
    })
  })
  expect((await app.inject('/a')).json().error.id).toBe('auth-rate-limited')
  expect((await app.inject('/b')).json().error.id).toBe('shop-closed')
  expect(factories.size).toBe(2)
  expect(factories.has(defined)).toBe(true)
})

it('an error can be registered when the app is ready, from within a request', async () => {
  const { app } = await buildApp()
  app.get('/', () => {
    const late = app.scs.registerError({ code: 409, id: 'late', message: 'Late' })
    throw late()
  })
  expect((await app.inject('/')).json().error.id).toBe('late')
})

it.each([
  ['code', { ...rateLimit, code: 200 }, '200'],
  ['code', { ...rateLimit, code: 600 }, '600'],
  ['code', { ...rateLimit, code: 429.5 }, '429.5'],
  ['code', { ...rateLimit, code: '429' }, "'429'"],
  ['id', { ...rateLimit, id: '' }, "''"],
  ['id', { ...rateLimit, id: 7 }, '7'],
  ['message', { ...rateLimit, message: '  ' }, "'  '"],
  ['message', { code: 429, id: 'x' }, 'undefined'],
  ['definition', null, 'null'],
])('a wrong %s is an error that names the field and the value', async (field, wrong, shown) => {
  const { app } = await buildApp()
  const expected = expect.objectContaining({
    code: 'SCS_ERR_DEFINITION',
    message: expect.stringMatching(
      new RegExp(`"${field}" must be .*, got ${shown?.replaceAll('.', '\\.')}$`),
    ),
  })
  expect(() => app.scs.registerError(wrong as ErrorDefinition)).toThrow(expected)
  expect(() => defineError(wrong as ErrorDefinition)).toThrow(expected)
})

it('abort with a wrong code or id is an error that names it', () => {
  expect(() => abort(200)).toThrow(expect.objectContaining({ code: 'SCS_ERR_DEFINITION' }))
  expect(() => abort(429, { id: '' })).toThrow(
    expect.objectContaining({ code: 'SCS_ERR_DEFINITION' }),
  )
})

it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'the id %s is an ordinary id',
  async (id) => {
    const { app } = await buildApp()
    app.get('/', () => abort(409, { id }))
    expect((await app.inject('/')).json().error.id).toBe('conflict')
    app.scs.registerError({ code: 409, id, message: 'An odd name' })
    expect((await app.inject('/')).json()).toEqual({ error: { id, message: 'An odd name' } })
  },
)

it('an expected error below 500 has no stack trace, one from 500 on has it', async () => {
  const { app } = await buildApp()
  const limit = Error.stackTraceLimit
  const rateLimited = app.scs.registerError(rateLimit)
  const down = app.scs.registerError({ code: 503, id: 'down', message: 'Down' })
  expect(rateLimited().stack).not.toMatch(/\n\s+at /)
  expect(down().stack).toMatch(/\n\s+at .*registered-errors\.test/)
  expect(Error.stackTraceLimit).toBe(limit)
})

it('a registered 5xx shows its message and is logged with its error', async () => {
  const { app, log } = await buildApp()
  const down = app.scs.registerError({ code: 503, id: 'down', message: 'We are down' })
  app.get('/', () => {
    throw down()
  })
  expect((await app.inject('/')).json()).toEqual({ error: { id: 'down', message: 'We are down' } })
  expect(failureLines(log, 50)[0]?.err).toMatchObject({ message: 'We are down' })
})

it('two apps in one process do not see each other', async () => {
  const one = await buildApp()
  const two = await buildApp()
  one.app.scs.registerError({ code: 409, id: 'mine', message: 'Of the first app' })
  two.app.get('/', () => abort(409, { id: 'mine' }))
  expect((await two.app.inject('/')).json().error.id).toBe('conflict')
})

it('a defined error that nobody registered answers with the default and is logged', async () => {
  const { app, log } = await buildApp()
  const stray = defineError({ code: 409, id: 'stray', message: 'Never registered' })
  app.get('/', () => {
    throw stray()
  })
  expect((await app.inject('/')).json().error.id).toBe('conflict')
  expect(failureLines(log, 50)).toHaveLength(1)
})

it('a defined error is answered by Fastify itself where there is no core', async () => {
  const app = Fastify()
  const closed = defineError({ code: 403, id: 'shop-closed', message: 'The shop is closed' })
  app.get('/', () => {
    throw closed()
  })
  expect((await app.inject('/')).statusCode).toBe(403)
})

it('registering the plugin twice is an error that says so', async () => {
  const { app } = await buildApp()
  await expect(app.register(scsPlugin).ready()).rejects.toMatchObject({
    code: 'SCS_ERR_ALREADY_REGISTERED',
  })
})

it('the cause of a registered error is in the log and never in the answer', async () => {
  const { app, log } = await buildApp()
  const providerSilent = app.scs.registerError({ code: 504, id: 'silent', message: 'No answer' })
  const cause = new Error('connect ECONNREFUSED 10.0.0.7')
  app.get('/throw', () => {
    throw providerSilent({ cause })
  })
  app.get('/abort', () => abort(504, { id: 'silent', cause }))
  for (const url of ['/throw', '/abort']) {
    const answer = await app.inject(url)
    expect(answer.json()).toEqual({ error: { id: 'silent', message: 'No answer' } })
  }
  for (const line of failureLines(log, 50)) {
    expect(line).toMatchObject({
      err: { stack: expect.stringContaining(`caused by: Error: ${cause.message}`) },
    })
  }
  expect(failureLines(log, 50)).toHaveLength(2)
})
