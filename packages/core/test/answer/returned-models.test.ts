import { ServiceError } from '@fastify-scs/core'
import type { FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

const model = {
  error: 'NO_STOCK',
  error_description: 'The stock is gone',
  user_message: 'Sorry, it is sold out',
  status: 404,
  error_id: 'shop-1.b_2',
}

const bodies = {
  pymacaron: model,
  scs: { error: { id: 'no-stock', message: 'Sorry, it is sold out' } },
  problem: {
    type: 'urn:problem-type:no-stock',
    title: 'Not Found',
    status: 404,
    detail: 'Sorry, it is sold out',
    instance: '/',
    id: 'no-stock',
    error_id: 'shop-1.b_2',
  },
} as const

const ways: Record<string, (app: FastifyInstance) => void> = {
  'an async handler returns': (app) => app.get('/', async () => model),
  'a sync handler returns': (app) => app.get('/', () => model),
  'a handler sends': (app) => app.get('/', (_request, reply) => reply.send(model)),
  'a handler sends with its own status': (app) =>
    app.get('/', (_request, reply) => reply.code(404).send(model)),
  'a handler sends with 200': (app) =>
    app.get('/', (_request, reply) => reply.code(200).send(model)),
  'a handler sends from a callback': (app) =>
    app.get('/', (_request, reply) => void setImmediate(() => reply.send(model))),
  'a hook sends before the handler': (app) =>
    app.get('/', { preHandler: (_q, reply) => void reply.send(model) }, () => 'never'),
  'an async handler throws': (app) =>
    app.get('/', async () => {
      throw model
    }),
  'a sync handler throws': (app) =>
    app.get('/', () => {
      throw model
    }),
  'a handler throws with ServiceError.from': (app) =>
    app.get('/', () => {
      throw ServiceError.from(model)
    }),
  'a route with a response schema returns': (app) =>
    app.get(
      '/',
      { schema: { response: { '2xx': { type: 'object', properties: { a: {} } } } } },
      async () => model,
    ),
  'a route with a serializer of its own returns': (app) =>
    app.get('/', { serializerCompiler: () => () => 'never' }, async () => model),
  'a child context returns': (app) =>
    app.register(async (child) => void child.get('/', async () => model)),
  'a handler returns without a prototype': (app) =>
    app.get('/', async () => Object.assign(Object.create(null) as object, model)),
  'a handler returns with its status as text': (app) =>
    app.get('/', async () => ({ ...model, status: '404' })),
}

describe.each(['pymacaron', 'scs', 'problem'] as const)('in the %s format', (errorFormat) => {
  it.each(Object.entries(ways))('an Error model that %s is its answer', async (_name, add) => {
    const { app, log } = await buildApp({ errorFormat })
    add(app)
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toEqual(bodies[errorFormat])
    expect(answer.headers['x-error-id']).toBe('shop-1.b_2')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(failureLines(log)).toMatchObject([
      { level: 30, status: 404, id: 'no-stock', errorId: 'shop-1.b_2' },
    ])
  })

  it('a format of the application gets all that the model says', async () => {
    const { app } = await buildApp({
      errorFormat: ({ status, id, code, description, userMessage, errorId, details }) => ({
        ...{ status, id, code, description, userMessage, errorId, details },
      }),
    })
    app.get('/', async () => ({ ...model, error_details: { left: 0 } }))
    expect((await app.inject('/')).json()).toEqual({
      status: 404,
      id: 'no-stock',
      code: 'NO_STOCK',
      description: model.error_description,
      userMessage: model.user_message,
      errorId: model.error_id,
      details: { left: 0 },
    })
  })
})

it.each(Object.entries(ways))(
  'an Error model that %s is its answer where a plugin has put its own send on the reply',
  async (_name, add) => {
    const { app } = await buildApp()
    app.addHook('onRequest', (_request, reply, done) => {
      const { send } = reply
      reply.send = function (this: typeof reply, payload?: unknown) {
        return send.call(this, payload)
      } as typeof send
      done()
    })
    add(app)
    expect((await app.inject('/')).statusCode).toBe(model.status)
  },
)

it('a field that is undefined is none, as in JSON', async () => {
  const { app } = await buildApp()
  app.get('/', async () => ({ ...model, hint: undefined, error_details: undefined }))
  expect((await app.inject('/')).statusCode).toBe(model.status)
})

it('its details and its short form are answered too', async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  app.get('/details', async () => ({ ...model, error_details: [{ left: 0 }] }))
  app.get('/short', async () => ({ error: 'NO_STOCK', status: 409 }))
  app.get('/odd', async () => ({
    error: '!',
    status: 409,
    error_id: 'no token',
    user_message: null,
  }))
  expect((await app.inject('/details')).json()).toEqual({ ...model, error_details: [{ left: 0 }] })
  const short = { error: 'NO_STOCK', error_description: 'Conflict', status: 409 }
  expect((await app.inject('/short')).json()).toEqual(short)
  const odd = await app.inject('/odd')
  expect(odd.json()).toEqual({ ...short, error: '!' })
  expect(odd.headers['x-error-id']).toBeUndefined()
})

it('a client that accepts only problem details gets them, and the decorator and the observers see it', async () => {
  const seen: number[] = []
  const { app } = await buildApp({
    errorDecorator: (body) => ({ ...body, decorated: true }),
  })
  app.scs.observeFailures(({ status }) => {
    seen.push(status)
    return { errorId: 'of-the-observer' }
  })
  app.get('/', async () => ({ ...model, status: 503 }))
  const headers = { accept: 'application/problem+json' }
  const answer = await app.inject({ url: '/', headers })
  expect(answer.json()).toMatchObject({ id: 'no-stock', status: 503, decorated: true })
  expect(answer.headers['x-error-id']).toBe('of-the-observer')
  expect(seen).toEqual([503])
})

it('a status of an error that the handler has set wins over that of the model', async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  app.get('/', (_request, reply) => reply.code(502).send(model))
  expect((await app.inject('/')).json()).toMatchObject({ error: 'NO_STOCK', status: 502 })
})

it('a HEAD request gets the status without the body', async () => {
  const { app } = await buildApp()
  app.get('/', async () => model)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const answer = await fetch(address, { method: 'HEAD' })
  expect([answer.status, await answer.text()]).toEqual([404, ''])
  await app.close()
})

it('the preSerialization hooks of the host see the error answer, once', async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  const seen: unknown[] = []
  app.addHook('preSerialization', async (_request, _reply, payload) => {
    seen.push(payload)
    return { ...(payload as object), hint: 1 }
  })
  app.get('/', async () => model)
  expect((await app.inject('/')).json()).toEqual({ ...model, hint: 1 })
  expect(seen).toEqual([model])
})

class Row {
  error = 'NO_STOCK'
  status = 404
}

const others: Record<string, unknown> = {
  'one with a field more': { ...model, items: [] },
  'an instance of a class': new Row(),
  'one within another': { result: model },
  'one in a list': [model],
  'a status that is no error': { ...model, status: 200 },
  'a status of a redirection': { ...model, status: 302 },
  'a status beyond those of HTTP': { ...model, status: 1006 },
  'a status that is a word': { error: 'x', status: 'failed' },
  'no status': { error: 'NO_STOCK', error_description: 'x' },
  'an error that is no text': { error: { id: 'x' }, status: 404 },
  'an empty error': { error: '', status: 404 },
  'a description that is no text': { ...model, error_description: { text: 'x' } },
  "Fastify's own form of errors": {
    statusCode: 404,
    error: 'Not Found',
    message: 'x',
    status: 404,
  },
  'one that only inherits its fields': Object.create({ ...model }) as object,
}

it.each(Object.entries(others))('%s is an ordinary answer', async (_name, payload) => {
  const { app, log } = await buildApp()
  app.get('/', async () => payload)
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.body]).toEqual([200, JSON.stringify(payload)])
  expect(failureLines(log)).toEqual([])
})

it('the option returnedErrors and a route switch it off; what is thrown stays an error', async () => {
  const off = await buildApp({ returnedErrors: false })
  const on = await buildApp()
  off.app.get('/', async () => model)
  off.app.get('/thrown', async () => {
    throw model
  })
  on.app.get('/', { config: { returnedErrors: false } }, async () => model)
  for (const { app } of [off, on]) {
    const answer = await app.inject('/')
    expect([answer.statusCode, answer.json()]).toEqual([200, model])
  }
  expect((await off.app.inject('/thrown')).statusCode).toBe(404)
})

it('what an error handler of the application sends is its own', async () => {
  const { app } = await buildApp()
  app.register(async (child) => {
    child.setErrorHandler((_error, _request, reply) => reply.code(404).send(model))
    child.get('/', () => {
      throw new Error('x')
    })
  })
  expect((await app.inject('/')).json()).toEqual(model)
})

it('a second answer after the first is only logged, as in Fastify', async () => {
  const { app, log } = await buildApp()
  app.get('/', (_request, reply) => {
    reply.send('done')
    reply.send(model)
  })
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.body]).toEqual([200, 'done'])
  expect(failureLines(log)).toEqual([])
})
