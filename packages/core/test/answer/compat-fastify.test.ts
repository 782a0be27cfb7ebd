import type { FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import {
  hookNotFoundHandler,
  isAnsweringError,
  isRootContext,
  logControllerOf,
  matchRoute,
  overrideReplyMethod,
  PreSerializationHooks,
  ReplyHeaders,
  routesOfDefaultErrorHandler,
} from '../../src/answer/compat-fastify.js'

it('Fastify still tells whether a reply has headers', async () => {
  const app = Fastify()
  const headers = new ReplyHeaders()
  app.get('/', async (_request, reply) => {
    const before = headers.mayBeSet(reply)
    reply.header('x-one', '1')
    return [before, headers.mayBeSet(reply)]
  })
  expect((await app.inject('/')).json()).toEqual([false, true])
})

it('Fastify still tells whether a route has preSerialization hooks', async () => {
  const app = Fastify()
  const hooks = new PreSerializationHooks()
  const ask = async (request: FastifyRequest): Promise<object> => ({ may: hooks.mayRun(request) })
  app.get('/plain', ask)
  app.get('/hooked', { preSerialization: async (_request, _reply, payload) => payload }, ask)
  expect((await app.inject('/plain')).json()).toEqual({ may: false })
  expect((await app.inject('/hooked')).json()).toEqual({ may: true })
})

it('Fastify still tells whether it is answering an error', async () => {
  const app = Fastify()
  const asked: Record<string, boolean> = {}
  const ask = (where: string, reply: FastifyReply): void => {
    asked[where] = isAnsweringError(reply)
  }
  app.addHook('onError', async (_request, reply) => ask('onError', reply))
  app.setErrorHandler((_error, _request, reply) => {
    ask('errorHandler', reply)
    reply.send({ handled: true })
  })
  app.get('/', async (_request, reply) => {
    ask('handler', reply)
    throw new Error('boom')
  })
  app.get('/sent', (_request, reply) => {
    reply.send(new Error('boom'))
  })
  await app.inject('/')
  expect(asked).toMatchObject({ handler: false, errorHandler: true })
})

it("hooks of Fastify's own not-found handler run, and leave the place of the application's own free", async () => {
  const app = Fastify()
  const ran: string[] = []
  hookNotFoundHandler(app, {
    onRequest: (_request, _reply, done) => {
      ran.push('onRequest')
      done()
    },
    preHandler: (_request, reply) => {
      ran.push('preHandler')
      reply.code(404).send({ ours: true })
    },
  })
  await app.register(
    async (child) => {
      child.setNotFoundHandler((_request, reply) => reply.code(404).send({ own: true }))
    },
    { prefix: '/child' },
  )
  expect((await app.inject('/nowhere')).json()).toEqual({ ours: true })
  expect(ran).toEqual(['onRequest', 'preHandler'])
  expect((await app.inject('/child/nowhere')).json()).toEqual({ own: true })
})

it("Fastify's router still matches the path of a request, with its host and version", async () => {
  const app = Fastify()
  const ask = async (request: FastifyRequest): Promise<object> => ({
    put: matchRoute(app, request, 'PUT') ?? null,
    patch: matchRoute(app, request, 'PATCH') ?? null,
  })
  app.get('/things/:id', ask)
  app.put('/things/:id', ask)
  app.patch('/things/:id', { constraints: { host: 'other.example' } }, ask)
  const asked = await app.inject('/things/7')
  expect(asked.json()).toEqual({ put: { id: '7' }, patch: null })
  const other = await app.inject({ url: '/things/7', headers: { host: 'other.example' } })
  expect(other.json()).toEqual({ put: { id: '7' }, patch: { id: '7' } })
})

it('a method of replies can be overridden, and calls the one behind it', async () => {
  const app = Fastify()
  type Code = (this: FastifyReply, code: number) => unknown
  const codeBehind: (reply: FastifyReply) => Code = overrideReplyMethod(
    app,
    'code',
    function (this: FastifyReply, code: number): unknown {
      return codeBehind(this).call(this, code + 1)
    },
  )
  await app.register(async (child) => {
    child.get('/', async (_request, reply) => reply.code(200).send({}))
  })
  expect((await app.inject('/')).statusCode).toBe(201)
})

it('the whole application is told apart from the context of a plugin', async () => {
  const app = Fastify()
  const contexts: boolean[] = [isRootContext(app)]
  await app.register(async (child) => void contexts.push(isRootContext(child)))
  expect(contexts).toEqual([true, false])
})

it("the routes of Fastify's own error handler are listed, with their whole paths", async () => {
  const app = Fastify()
  const handler = async (): Promise<object> => ({})
  app.get('/', handler)
  app.get('/users', handler)
  app.post('/users/:id', handler)
  app.put('/users/:id', { constraints: { host: 'example.com' } }, handler)
  app.delete(
    '/users/:id',
    { errorHandler: (_error, _request, reply) => reply.send('own') },
    handler,
  )
  app.get('/users/:id/books/*', handler)
  app.get('/files/*', handler)
  app.get('/a/:x(^\\d+$)-:y', handler)
  await app.register(async (child) => void child.get('/in', handler), { prefix: '/child' })
  await app.register(async (child) => {
    child.setErrorHandler((_error, _request, reply) => reply.send('own'))
    child.get('/own', handler)
  })
  await app.ready()
  expect(routesOfDefaultErrorHandler(app).sort()).toEqual([
    'GET /',
    'GET /a/:x(^\\d+$)-:y',
    'GET /child/in',
    'GET /files/*',
    'GET /users',
    'GET /users/:id/books/*',
    'POST /users/:id',
    'PUT /users/:id',
  ])
})

it('the log controller of an app is found, also from the context of a plugin', async () => {
  const app = Fastify()
  let found: unknown
  await app.register(async (child) => {
    found = logControllerOf(child)
  })
  expect(found).toBe(logControllerOf(app))
  expect(found).toHaveProperty('isLogDisabled')
})
