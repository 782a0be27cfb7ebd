import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { abort, InvalidParameterError, ServiceError } from '@fastify-scs/core'
import { request } from 'undici'
import { describe, expect, it } from 'vitest'
import { buildApp, failureLines, keepIn, type Line } from '../build-app.js'

const model = {
  error: 'NO_STOCK',
  error_description: 'The stock is gone',
  user_message: 'Sorry, it is sold out',
  status: 404,
  error_id: 'a',
  error_details: { left: 0 },
}

const BAD = { error: 'BAD_RESPONSE', error_description: 'Bad Gateway', status: 502 }

/** Answers of a real server, each as fetch gives it. */
async function answered(listener: RequestListener): Promise<{ url: string; close: () => void }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/items?token=hunter2`, close: () => server.close() }
}

it('makes a ServiceError of an Error model, and toJSON gives the same model', () => {
  const error = ServiceError.from(model)
  expect(error).toBeInstanceOf(ServiceError)
  expect(error).toMatchObject({
    name: 'ServiceError',
    code: 'NO_STOCK',
    status: 404,
    statusCode: 404,
    id: 'no-stock',
    message: 'Sorry, it is sold out',
    description: 'The stock is gone',
    errorId: 'a',
    details: { left: 0 },
  })
  expect(error.toJSON()).toEqual(model)
  expect(JSON.parse(JSON.stringify({ error }))).toEqual({ error: model })
  expect(ServiceError.from(error)).toBe(error)
  expect(ServiceError.from(error.toJSON()).toJSON()).toEqual(model)
})

it('the model of a class of errors shows neither its stack nor its cause', () => {
  const error = new InvalidParameterError('Sorry', {
    description: 'wrong',
    details: new Map([['a', 1n]]),
    cause: new Error('secret detail'),
  })
  expect(error.toJSON()).toEqual({
    error: 'INVALID_PARAMETER',
    error_description: 'wrong',
    user_message: 'Sorry',
    status: 400,
    error_details: { a: '1' },
  })
  expect(new InvalidParameterError().toJSON()).toEqual({
    error: 'INVALID_PARAMETER',
    error_description: 'Bad Request',
    status: 400,
  })
  expect(new InvalidParameterError('x', { errorId: 'e-1' }).toJSON().error_id).toBe('e-1')
})

const carriers: Record<string, (data: unknown) => unknown> = {
  'an error of axios': (data) =>
    Object.assign(new Error('x'), {
      isAxiosError: true,
      config: {},
      response: { status: 404, data },
    }),
  'an answer of axios': (data) => ({ status: 404, data, headers: {}, config: {} }),
  'an error of got or superagent': (body) =>
    Object.assign(new Error('x'), { response: { statusCode: 404, body } }),
  "undici's ResponseError": (body) =>
    Object.assign(new Error('x'), { code: 'UND_ERR_RESPONSE', statusCode: 404, headers: {}, body }),
  'its text': (data) => ({ response: { status: 404, data: JSON.stringify(data) } }),
  'its bytes, as where a download was asked for': (data) => ({
    response: { status: 404, data: Buffer.from(JSON.stringify(data)) },
  }),
  'its ArrayBuffer': (data) => ({
    response: { status: 404, data: new TextEncoder().encode(JSON.stringify(data)).buffer },
  }),
  'an error of ofetch, beside the answer that was read': (data) =>
    Object.assign(new Error('x'), {
      status: 404,
      data,
      response: new Response('{}', { status: 404 }),
    }),
}

it.each(Object.entries(carriers))('finds the model in %s', (_name, carry) => {
  expect(ServiceError.from(carry(model)).toJSON()).toEqual(model)
  const { status: _status, ...open } = model
  expect(ServiceError.from(carry(open)).toJSON()).toEqual(model)
})

it('reads what the other formats say', () => {
  const scs = { error: { id: 'no-stock', message: 'Sold out', details: [1] } }
  expect(ServiceError.from({ response: { status: 404, data: scs } }).toJSON()).toEqual({
    error: 'NO_STOCK',
    error_description: 'Sold out',
    status: 404,
    error_details: [1],
  })
  const problem = {
    title: 'Not Found',
    status: 404,
    detail: 'Sold out',
    id: 'no-stock',
    error_id: 'e',
  }
  expect(ServiceError.from(problem).toJSON()).toEqual({
    error: 'NO_STOCK',
    error_description: 'Sold out',
    status: 404,
    error_id: 'e',
  })
})

it('of an upstream error without a model it makes a BAD_RESPONSE with that error as its cause', () => {
  const cause = Object.assign(new Error('secret detail'), {
    isAxiosError: true,
    response: { status: 404, data: '<html>' },
  })
  const error = ServiceError.from(cause)
  expect(error.toJSON()).toEqual(BAD)
  expect(error.cause).toBe(cause)
})

it.each([200, 302, 700, 'ok'])('a model with the status %s is a BAD_RESPONSE', (status) => {
  const error = ServiceError.from({ ...model, status })
  expect(error.toJSON()).toEqual({ ...BAD, error_id: 'a' })
  expect(error.cause).toMatchObject({ status })
})

it.each([undefined, null, 'text', 7, Symbol('x'), {}, [], new Error('secret detail')])(
  'of anything else it makes a SERVER_ERROR that shows nothing of it',
  (value) => {
    const error = ServiceError.from(value)
    expect(error.toJSON()).toEqual({
      error: 'SERVER_ERROR',
      error_description: 'Internal Server Error',
      status: 500,
    })
    expect(error.cause).toBe(value)
  },
)

it('an error of the request itself keeps what core would answer of it', () => {
  const taken = Object.assign(new Error('that is taken'), { statusCode: 409, code: 'TAKEN' })
  expect(ServiceError.from(taken).toJSON()).toEqual({
    error: 'TAKEN',
    error_description: 'that is taken',
    status: 409,
  })
  let aborted: unknown
  try {
    abort(429, { id: 'rate-limited', details: 1 })
  } catch (error) {
    aborted = error
  }
  expect(ServiceError.from(aborted).toJSON()).toEqual({
    error: 'RATE_LIMITED',
    error_description: 'Too Many Requests',
    status: 429,
    error_details: 1,
  })
})

it('whatever traps throw, it makes an error', () => {
  const fail = (): never => {
    throw new Error('the trap was sprung')
  }
  const hostile = new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail })
  expect(ServiceError.from(hostile)).toMatchObject({ code: 'SERVER_ERROR', status: 500 })
})

describe('of a Response', () => {
  const listener: RequestListener = (incoming, response) => {
    const kind = new URL(incoming.url ?? '/', 'http://x').searchParams.get('kind')
    const { status: _status, ...open } = model
    const json = { 'content-type': 'application/json; charset=utf-8' }
    if (kind === 'model') response.writeHead(503, json).end(JSON.stringify(model))
    else if (kind === 'open') response.writeHead(404, json).end(JSON.stringify(open))
    else if (kind === 'scs')
      response
        .writeHead(404, { ...json, 'x-error-id': 'e-9' })
        .end('{"error":{"id":"no-stock","message":"Sold out"}}')
    else if (kind === 'html') response.writeHead(404, { 'content-type': 'text/html' }).end('<html>')
    else if (kind === 'huge') response.writeHead(404, json).end(`{"a":"${'x'.repeat(200_000)}"}`)
    else if (kind === 'broken') response.writeHead(404, json).end('{"half')
    else {
      response.writeHead(404, { ...json, 'content-length': 100 }).write('{"half')
      setImmediate(() => response.destroy())
    }
  }

  it('it reads the body and keeps the model', async () => {
    const { url, close } = await answered(listener)
    const from = async (kind: string) => ServiceError.from(await fetch(`${url}&kind=${kind}`))
    expect((await from('model')).toJSON()).toEqual(model)
    expect((await from('open')).toJSON()).toEqual(model)
    expect((await from('scs')).toJSON()).toEqual({
      error: 'NO_STOCK',
      error_description: 'Sold out',
      status: 404,
      error_id: 'e-9',
    })
    close()
  })

  it("reads the answer of undici's request too", async () => {
    const { url, close } = await answered(listener)
    const from = async (kind: string) => ServiceError.from(await request(`${url}&kind=${kind}`))
    expect((await from('model')).toJSON()).toEqual(model)
    expect((await from('scs')).toJSON()).toMatchObject({ error: 'NO_STOCK', error_id: 'e-9' })
    for (const kind of ['html', 'huge', 'broken', 'cut']) {
      expect((await from(kind)).toJSON()).toEqual(BAD)
    }
    close()
  })

  it.each(['html', 'huge', 'broken', 'cut'])('one that is %s is a BAD_RESPONSE', async (kind) => {
    const { url, close } = await answered(listener)
    const error = await ServiceError.from(await fetch(`${url}&kind=${kind}`))
    expect(error.toJSON()).toEqual(BAD)
    const { message } = error.cause as Error
    expect(message).toContain('404')
    expect(message).not.toContain('hunter2')
    close()
  })

  it('one whose body was read before is a BAD_RESPONSE', async () => {
    const response = Response.json(model, { status: 404 })
    await response.text()
    expect((await ServiceError.from(response)).toJSON()).toEqual(BAD)
  })

  it('one that is thrown without waiting is a 500, and the mistake is logged', async () => {
    const { app, log } = await buildApp()
    app.get('/', () => {
      throw ServiceError.from(Response.json(model, { status: 404 }))
    })
    expect((await app.inject('/')).statusCode).toBe(500)
    expect(failureLines(log, 50).map(({ msg }) => msg)).toContain(
      'a promise was thrown: wait for it first, as in `throw await ServiceError.from(response)`',
    )
  })
})

it.each(['pymacaron', 'scs', 'problem'] as const)(
  'throwing it forwards it unchanged in the %s format, from 500 on too',
  async (errorFormat) => {
    const { app, log } = await buildApp({ errorFormat })
    app.get<{ Querystring: { status: number } }>('/', ({ query }) => {
      throw ServiceError.from({ ...model, status: Number(query.status) })
    })
    for (const status of [404, 503]) {
      const answer = await app.inject(`/?status=${status}`)
      expect(answer.statusCode).toBe(status)
      expect(answer.headers['x-error-id']).toBe('a')
      const { error_id: _id, error_details: _details } = model
      if (errorFormat === 'pymacaron') expect(answer.json()).toEqual({ ...model, status })
      else if (errorFormat === 'scs')
        expect(answer.json().error).toEqual({
          id: 'no-stock',
          message: model.user_message,
          details: model.error_details,
        })
      else
        expect(answer.json()).toMatchObject({
          type: 'urn:problem-type:no-stock',
          id: 'no-stock',
          status,
          detail: model.user_message,
          details: model.error_details,
          error_id: 'a',
        })
    }
    expect(failureLines(log).map(({ errorId }) => errorId)).toEqual(['a', 'a'])
  },
)

it('an error of axios that is thrown as it is stays a 502', async () => {
  const { app } = await buildApp()
  app.get('/', () => {
    throw carriers['an error of axios']?.(model)
  })
  expect((await app.inject('/')).json()).toEqual({
    error: { id: 'bad-gateway', message: 'Bad Gateway' },
  })
})

it('its error_caught is the cause, for reports only', async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  const caught = { error: 'DB_DOWN', error_description: 'secret detail', status: 500 }
  const error = ServiceError.from({ ...model, status: 503, error_caught: caught })
  expect(error.cause).toBe(caught)
  app.get('/', () => {
    throw error
  })
  app.get('/returned', async () => ({ ...model, error_caught: caught }))
  expect((await app.inject('/')).json()).toEqual({ ...model, status: 503 })
  expect((await app.inject('/returned')).json()).toEqual(model)
})

it('a serializer of the host that asks for its JSON gets the model, redacted', async () => {
  const lines: Line[] = []
  const serializers = { err: (error: Error) => JSON.parse(JSON.stringify(error)) as never }
  const { app } = await buildApp({}, { logger: { serializers, stream: keepIn(lines) } })
  app.get('/', () => {
    throw new InvalidParameterError('Sorry', {
      description: 'connect postgres://app:hunter2@db/orders',
      details: { password: 'hunter2' },
    })
  })
  await app.inject('/')
  expect(failureLines(lines)).toMatchObject([
    {
      err: {
        error: 'INVALID_PARAMETER',
        error_description: 'connect postgres://[redacted]@db/orders',
        user_message: 'Sorry',
        status: 400,
        error_details: { password: '[redacted]' },
      },
    },
  ])
})

it('a ServiceError among the details of another is its model', async () => {
  const { app } = await buildApp()
  const inner = new InvalidParameterError('Sorry', { cause: new Error('secret detail') })
  app.get('/', () => abort(400, { details: { inner } }))
  expect((await app.inject('/')).json().error.details.inner).toEqual(inner.toJSON())
})
