import { stat } from 'node:fs'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { describe, expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

const boom = (): never => {
  throw new Error('secret detail')
}
const failLater = async (): Promise<never> => {
  await Promise.resolve()
  throw new Error('secret detail')
}

const places: Record<string, (app: FastifyInstance) => void> = {
  'an onRequest hook': (app) => app.get('/', { onRequest: boom }, () => 'ok'),
  'an async onRequest hook': (app) => app.get('/', { onRequest: failLater }, () => 'ok'),
  'a preParsing hook': (app) => app.get('/', { preParsing: boom }, () => 'ok'),
  'a preValidation hook': (app) => app.get('/', { preValidation: boom }, () => 'ok'),
  'a preHandler hook': (app) => app.get('/', { preHandler: boom }, () => 'ok'),
  'a hook that calls done(error)': (app) =>
    app.get('/', { preHandler: (_q, _r, done) => done(new Error('secret detail')) }, () => 'ok'),
  'a sync handler': (app) => app.get('/', boom),
  'an async handler': (app) => app.get('/', failLater),
  'reply.send(error)': (app) => app.get('/', (_q, reply) => reply.send(new Error('secret detail'))),
  'a handler that returns an error': (app) => app.get('/', async () => new Error('secret detail')),
  'a preSerialization hook': (app) => app.get('/', { preSerialization: boom }, async () => ({})),
  'an onSend hook that fails once': (app) => {
    let calls = 0
    app.get('/', { onSend: async () => (calls++ === 0 ? boom() : undefined) }, () => 'ok')
  },
  'an onSend hook that fails always': (app) => app.get('/', { onSend: boom }, () => 'ok'),
  'an async onSend hook that fails always': (app) =>
    app.get('/', { onSend: failLater }, async () => 'ok'),
  'a stream that fails before its first byte': (app) =>
    app.get('/', (_q, reply) => {
      const stream = new Readable({ read: () => stream.destroy(new Error('secret detail')) })
      return reply.send(stream)
    }),
  'a stream of objects': (app) => app.get('/', async () => Readable.from([{ half: 'made' }])),
  'a web stream of objects': (app) =>
    app.get(
      '/',
      async () =>
        new ReadableStream({
          start: (controller) => {
            controller.enqueue({ half: 'made' })
            controller.enqueue('the other half')
            controller.close()
          },
        }),
    ),
  'a header that HTTP refuses': (app) =>
    app.get('/', async (_q, reply) => {
      reply.header('content-disposition', 'attachment; filename="€.pdf"')
      return 'half made'
    }),
  'a header that HTTP refuses, sent from a timer': (app) =>
    app.get('/', (_q, reply) => {
      setImmediate(() => reply.header('x-name', '€').send({ half: 'made' }))
    }),
  'a header whose text throws, sent from a callback': (app) =>
    app.get('/', (_q, reply) => {
      const value = { toString: boom }
      stat('/', () => void reply.header('x-name', value).send('half made'))
    }),
  'the serialization of a bigint, sent from a timer': (app) =>
    app.get('/', (_q, reply) => {
      setImmediate(() => reply.send({ secret: 1n }))
    }),
  'a serializer that throws no error, from a timer': (app) =>
    app.get('/', (_q, reply) => {
      const refuse = () => {
        throw 'secret detail'
      }
      setImmediate(() => reply.serializer(refuse).send({ half: 'made' }))
    }),
  'a child’s error handler whose header HTTP refuses, sent from a timer': (app) =>
    app.register(async (child) => {
      child.setErrorHandler((_error, _request, reply) => {
        setImmediate(() => reply.header('x-name', '€').send('half made'))
      })
      child.get('/', boom)
    }),
  'a status message that HTTP refuses': (app) =>
    app.get('/', async (_q, reply) => {
      reply.raw.statusMessage = 'a\r\nb'
      return Readable.from(['half made'])
    }),
  'the serialization of the response': (app) =>
    app.get('/', { schema: { response: { 200: { type: 'array', items: {} } } } }, async () => ({
      half: 'made',
    })),
  'a toJSON that throws': (app) =>
    app.get('/', async () => ({ half: 'made', inner: { toJSON: boom } })),
}

const bodies = {
  scs: { error: { id: 'internal-server-error', message: 'An unexpected error occurred' } },
  pymacaron: {
    error: 'SERVER_ERROR',
    error_description: 'An unexpected error occurred',
    status: 500,
  },
  problem: {
    type: 'urn:problem-type:internal-server-error',
    title: 'Internal Server Error',
    status: 500,
    detail: 'An unexpected error occurred',
    instance: '/',
    id: 'internal-server-error',
  },
} as const

describe.each(['scs', 'pymacaron', 'problem'] as const)('in the %s format', (errorFormat) => {
  it.each(Object.entries(places))('an error from %s is answered generically', async (name, add) => {
    const { app, log } = await buildApp({ errorFormat })
    add(app)
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(500)
    const isSerialization = errorFormat === 'pymacaron' && /serialization of|toJSON/.test(name)
    const code = isSerialization ? { error: 'INTERNAL_VALIDATION_ERROR' } : {}
    expect(answer.json()).toEqual({ ...bodies[errorFormat], ...code })
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.body)))
    const [line, ...more] = failureLines(log)
    expect(more).toEqual([])
    expect(line).toMatchObject({ level: 50, status: 500, id: 'internal-server-error' })
    expect(JSON.stringify(line?.err)).toMatch(
      /secret detail|FST_ERR|serializ|array|convert|chunk|Invalid character/i,
    )
  })
})

it.each(Object.entries(places))(
  'an error from %s is answered where a plugin has put its own send on the reply',
  async (_name, add) => {
    const { app } = await buildApp()
    app.addHook('onRequest', (_request, reply, done) => {
      wrapSend(reply)
      done()
    })
    add(app)
    const answer = await app.inject('/')
    expect([answer.statusCode, answer.json()]).toEqual([500, bodies.scs])
  },
)

it('an error answer whose onSend hook fails is sent where a plugin has put its own send on the reply', async () => {
  const { app } = await buildApp()
  app.addHook('onRequest', (_request, reply, done) => {
    wrapSend(reply)
    done()
  })
  app.addHook('onSend', async () => boom())
  app.get('/', boom)
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.json()]).toEqual([500, bodies.scs])
})

it('an error is answered by the application’s own format, which sees what core knows of it', async () => {
  const { app } = await buildApp({
    errorFormat: (error, request) => ({ oops: error.id, at: request.url, was: `${error.thrown}` }),
  })
  app.get('/', boom)
  const answer = await app.inject('/?a=1')
  expect(answer.statusCode).toBe(500)
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(answer.json()).toEqual({
    oops: 'internal-server-error',
    at: '/?a=1',
    was: 'Error: secret detail',
  })
})

it('a stream that fails after its first byte is cut off, not finished', async () => {
  const { app } = await buildApp()
  app.get('/', (_q, reply) => {
    const stream = new Readable({ read() {} })
    stream.push('first')
    setImmediate(() => setImmediate(() => stream.destroy(new Error('secret detail'))))
    return reply.send(stream)
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const read = async (): Promise<string> => (await fetch(address)).text()
  await expect(read()).rejects.toThrow()
  await app.close()
})

it('an error of a handler that has begun the raw answer cuts the answer off', async () => {
  const { app, log } = await buildApp()
  app.get('/', (_q, reply) => {
    reply.raw.writeHead(200, { 'content-type': 'text/plain' })
    reply.raw.write('half')
    throw new Error('secret detail')
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const read = async (): Promise<string> => (await fetch(address)).text()
  await expect(read()).rejects.toThrow()
  expect(failureLines(log, 50)).toHaveLength(1)
  expect(log.filter((line) => line.level === 40)).toEqual([])
  await app.close()
})

it('a body that cannot be parsed is a 400 with the parser’s message', async () => {
  const { app } = await buildApp()
  app.post('/', () => 'ok')
  const headers = { 'content-type': 'application/json' }
  const answer = await app.inject({ method: 'POST', url: '/', headers, payload: '{"a":' })
  expect(answer.statusCode).toBe(400)
  expect(answer.json().error).toMatchObject({ id: 'bad-request' })
  expect(answer.json().error.message).toMatch(/JSON/)
})

it('a body that is too large is a 413', async () => {
  const { app } = await buildApp({}, { bodyLimit: 4 })
  app.post('/', () => 'ok')
  const answer = await app.inject({ method: 'POST', url: '/', payload: { long: 'body' } })
  expect(answer.statusCode).toBe(413)
  expect(answer.json()).toEqual({
    error: { id: 'payload-too-large', message: 'Request body is too large' },
  })
})

it('a body of an unknown media type is a 415', async () => {
  const { app } = await buildApp()
  app.post('/', () => 'ok')
  const headers = { 'content-type': 'application/x-unknown' }
  const answer = await app.inject({ method: 'POST', url: '/', headers, payload: 'x' })
  expect(answer.statusCode).toBe(415)
  expect(answer.json().error.id).toBe('unsupported-media-type')
})

const schema = {
  body: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    additionalProperties: false,
  },
}

it('a request that fails its validation is a 400 that names each wrong value', async () => {
  const { app } = await buildApp({}, { ajv: { customOptions: { allErrors: true } } })
  app.post('/', { schema }, () => 'ok')
  const answer = await app.inject({ method: 'POST', url: '/', payload: { age: 'old' } })
  expect(answer.statusCode).toBe(400)
  const { error } = answer.json()
  expect(error.id).toBe('bad-request')
  expect(error.details).toEqual([
    { path: 'body/name', message: "must have required property 'name'" },
    { path: 'body/age', message: 'must be integer' },
  ])
})

it('a validation error is INVALID_PARAMETER in the pymacaron format and has errors in the problem format', async () => {
  const pymacaron = await buildApp({ errorFormat: 'pymacaron' })
  pymacaron.app.post('/', { schema }, () => 'ok')
  const one = await pymacaron.app.inject({ method: 'POST', url: '/', payload: {} })
  expect(one.json()).toEqual({
    error: 'INVALID_PARAMETER',
    error_description: "body must have required property 'name'",
    status: 400,
    error_details: [{ path: 'body/name', message: "must have required property 'name'" }],
  })
  const problem = await buildApp({ errorFormat: 'problem' })
  problem.app.post('/', { schema }, () => 'ok')
  const other = await problem.app.inject({ method: 'POST', url: '/', payload: {} })
  expect(other.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(other.json().errors).toEqual([
    { path: 'body/name', message: "must have required property 'name'" },
  ])
})

it('a HEAD request gets the status and the headers of the error, and no body', async () => {
  const { app } = await buildApp()
  app.get('/', boom)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const answer = await fetch(address, { method: 'HEAD' })
  expect(answer.status).toBe(500)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(await answer.text()).toBe('')
  await app.close()
})

it('an error that arrives after the answer is logged and not answered again', async () => {
  const { app, log } = await buildApp()
  app.get('/', async (_q, reply) => {
    await reply.send('done')
    throw new Error('too late')
  })
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.body]).toEqual([200, 'done'])
  expect(log.some((line) => JSON.stringify(line).includes('too late'))).toBe(true)
})

it('the answer of a handler that times out is a 503 in the chosen format', async () => {
  const { app } = await buildApp({}, { handlerTimeout: 20 })
  app.get('/', () => new Promise(() => undefined))
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toEqual({
    error: { id: 'service-unavailable', message: 'Service Unavailable' },
  })
})

/** Whose every field throws. */
function hostile(): object {
  return new Proxy({}, { get: boom })
}

it('a trailer that cannot be sent is left out and logged, and the answer is whole', async () => {
  const { app, log } = await buildApp()
  app.get('/', async (_q, reply) => {
    reply
      .trailer('x-good', async () => 'v')
      .trailer('x-bad', async () => '€')
      .trailer('x-lost', () => null as never)
      .trailer('x-symbol', async () => Symbol('x') as never)
      .trailer('x-trap', () => Promise.reject(hostile()))
    return { ok: true }
  })
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.json()]).toEqual([200, { ok: true }])
  expect(answer.trailers).toEqual({ 'x-good': 'v' })
  const told = log.filter((line) => line.level === 50).map((line) => line.msg)
  expect(told.sort()).toEqual([
    'the trailer "x-bad" was left out',
    'the trailer "x-lost" was left out',
    'the trailer "x-symbol" was left out',
    'the trailer "x-trap" was left out',
  ])
})

it('an answer of 204 with a header that HTTP refuses is a 500 with its body', async () => {
  const { app } = await buildApp()
  app.get('/', async (_q, reply) => reply.code(204).header('x-name', '€').send())
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const answer = await fetch(address)
  expect(answer.status).toBe(500)
  expect(await answer.json()).toEqual(bodies.scs)
  await app.close()
})

it('a logger that throws is counted and does not keep the answer', async () => {
  const write = (): never => {
    throw new Error('the log is full')
  }
  const { app } = await buildApp({}, { logger: { level: 'error', stream: { write } } })
  app.get('/', boom)
  const answer = await app.inject('/')
  expect([answer.statusCode, answer.json()]).toEqual([500, bodies.scs])
  expect(app.scs.stats().callbackFailures.logger).toBe(1)
})

/** As tracers and slow-call do it. */
function wrapSend(reply: FastifyReply): void {
  const { send } = reply
  reply.send = function (this: FastifyReply, payload?: unknown) {
    return send.call(this, payload)
  } as FastifyReply['send']
}
