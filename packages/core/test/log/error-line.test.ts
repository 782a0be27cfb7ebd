import { createContext, runInContext } from 'node:vm'
import scsPlugin, { abort, ServiceError, scsLogger } from '@fastify-scs/core'
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify'
import { describe, expect, it } from 'vitest'
import { keepIn, type Line } from '../build-app.js'

/** A class as an SDK has it: its getter needs the very object that the constructor has made. */
class SdkError extends Error {
  readonly #retryable = true
  readonly requestId = 'r-1'
  get retryable(): boolean {
    return this.#retryable
  }
}

const elsewhere = createContext()

const failures: Record<string, (app: FastifyInstance) => void> = {
  'an Error': (app) => app.get('/', () => fail(new RangeError('out of reach'))),
  'an Error with a cause': (app) =>
    app.get('/', () => fail(new Error('outer', { cause: new TypeError('inner') }))),
  'an AggregateError': (app) =>
    app.get('/', () => fail(new AggregateError([new Error('one'), new Error('two')], 'both'))),
  'an Error of a status below 500': (app) =>
    app.get('/', () => fail(Object.assign(new Error('that name is taken'), { statusCode: 409 }))),
  'an Error with fields': (app) =>
    app.get('/', () =>
      fail(Object.assign(new SdkError('no'), { code: 'E_NO', deep: { list: [1, { a: 'b' }] } })),
    ),
  'a validation': (app) =>
    app.get(
      '/',
      { schema: { querystring: { type: 'object', required: ['page'] } } },
      () => 'never here',
    ),
  'a DOMException': (app) =>
    app.get('/', () => fail(new DOMException('took too long', 'TimeoutError'))),
  'an error of another realm': (app) =>
    app.get('/', () => fail(runInContext("new RangeError('elsewhere')", elsewhere))),
}

function fail(value: unknown): never {
  throw value
}

async function linesOf(
  add: (app: FastifyInstance) => void,
  server: FastifyServerOptions = {},
  isPlain = false,
): Promise<Line[]> {
  const lines: Line[] = []
  const app = Fastify({ logger: { level: 'info', stream: keepIn(lines) }, ...server })
  if (!isPlain) await app.register(scsPlugin, { audit: false })
  add(app)
  await app.inject('/')
  await app.close()
  return lines
}

function errorLine(lines: readonly Line[]): Line | undefined {
  return lines.find((line) => 'err' in line)
}

function withoutTimes(line: Line | undefined): Record<string, unknown> {
  const { time: _time, err, ...rest } = { ...line }
  const { stack, aggregateErrors, type, ...fields } = (err ?? {}) as Record<string, unknown>
  return { ...rest, err: { ...fields, stack: String(stack).split('\n')[0] } }
}

describe.each(Object.entries(failures))('%s', (_name, add) => {
  it('has a line with all fields of Fastify’s own line', async () => {
    const plain = errorLine(await linesOf(add, {}, true))
    const own = errorLine(await linesOf(add))
    expect(plain).toBeDefined()
    expect(withoutTimes(own)).toMatchObject(withoutTimes(plain))
    const { type, name = type } = (plain?.err ?? {}) as Record<string, unknown>
    expect(own?.err).toMatchObject({ type: name })
    expect(own).toMatchObject({ status: expect.any(Number), id: expect.any(String) })
  })

  it('is passed to the application’s own serializer as an Error of its class', async () => {
    const seen: unknown[] = []
    const serializers = {
      err: (error: Error) => {
        seen.push(error)
        return { type: 'own', message: 'own', stack: '' }
      },
    }
    const server = (lines: Line[]): FastifyServerOptions => ({
      logger: { level: 'info', stream: keepIn(lines), serializers },
    })
    await linesOf(add, server([]), true)
    await linesOf(add, server([]))
    const [plain, own] = seen as [Error, Error]
    expect(Object.prototype.toString.call(own)).toBe(Object.prototype.toString.call(plain))
    expect(Object.getPrototypeOf(own)).toBe(Object.getPrototypeOf(plain))
    expect(own.constructor).toBeTypeOf('function')
    expect([own.name, own.message]).toEqual([plain.name, plain.message])
    expect(own instanceof Error).toBe(plain instanceof Error)
    if (plain instanceof SdkError) expect((own as SdkError).retryable).toBe(true)
  })
})

it('the error of the line is redacted: message, stack, cause, errors, code and fields', async () => {
  const secret = 'password=hunter2'
  const error = Object.assign(
    new AggregateError([new Error(secret)], secret, { cause: new Error(secret) }),
    { code: secret, config: { headers: { authorization: 'Basic hunter2' } }, apiKey: 'hunter2' },
  )
  const lines = await linesOf((app) => app.get('/', () => fail(error)))
  expect(errorLine(lines)?.err).toMatchObject({ type: 'AggregateError', apiKey: '[redacted]' })
  expect(JSON.stringify(lines)).not.toContain('hunter2')
  expect(error.message).toBe(secret)
})

it('the request and the reply of the line are redacted, whatever the application’s serializers read of them', async () => {
  const lines: Line[] = []
  const serializers = {
    req: ({ url, originalUrl, query, headers, body, params, method, id }: FastifyRequest) => ({
      ...{ url, originalUrl, query, headers, body, params, method, id },
    }),
    res: (reply: FastifyReply) => ({
      statusCode: reply.statusCode,
      headers: reply.getHeaders(),
      cookie: reply.getHeader('Set-Cookie'),
      url: reply.request?.url,
    }),
  }
  const app = Fastify({
    logger: { level: 'error', stream: keepIn(lines), serializers: serializers as never },
  })
  await app.register(scsPlugin, { audit: false })
  app.post('/:token', (_request, reply) => {
    reply.header('set-cookie', 'session=hunter2')
    throw new Error('x')
  })
  await app.inject({
    method: 'POST',
    url: '/a?api_key=hunter2&page=3',
    headers: { authorization: 'Bearer hunter2' },
    payload: { password: 'hunter2', name: 'ann' },
  })
  expect(lines).toHaveLength(1)
  expect(JSON.stringify(lines)).not.toContain('hunter2')
  expect(lines[0]).toMatchObject({
    req: {
      url: '/a?api_key=[redacted]&page=3',
      method: 'POST',
      body: { name: 'ann' },
      id: 'req-1',
    },
    res: { statusCode: 500 },
  })
})

it('the line about an unknown route has its method and URL, also when an error with the code 404 is registered', async () => {
  const lines: Line[] = []
  const app = Fastify({ logger: { level: 'info', stream: keepIn(lines) } })
  await app.register(scsPlugin, { audit: false })
  app.scs.registerError({ code: 404, id: 'nothing-here', message: 'Nothing here' })
  await app.inject('/no/where?token=hunter2')
  expect(lines.find((line) => 'status' in line)).toMatchObject({
    msg: 'Route GET:/no/where?token=[redacted] not found',
    res: { statusCode: 404 },
    id: 'not-found',
  })
  expect(lines.find((line) => 'status' in line)).not.toHaveProperty('err')
})

class Quiet extends LogController {
  override isLogDisabled(): boolean {
    return true
  }
}

const quiet: Record<string, FastifyServerOptions> = {
  'disableRequestLogging: true': { disableRequestLogging: true },
  'disableRequestLogging as a function': { disableRequestLogging: () => true },
  'a log controller with the option': {
    logController: new LogController({ disableRequestLogging: true }),
  },
  'a log controller with a method': { logController: new Quiet() },
}

it.each(Object.entries(quiet))(
  'with %s no line is written, as in Fastify',
  async (_what, server) => {
    const lines: Line[] = []
    const app = Fastify({ logger: { stream: keepIn(lines) }, ...server })
    await app.register(scsPlugin, { audit: false })
    app.get('/', () => fail(new Error('x')))
    app.register(async (child) => {
      child.get('/child', () => abort(404))
    })
    const statuses = []
    for (const url of ['/', '/child', '/nowhere']) statuses.push((await app.inject(url)).statusCode)
    expect(statuses).toEqual([500, 404, 404])
    expect(lines).toEqual([])
  },
)

it('`disableRequestLogging` may be a function that decides for each request', async () => {
  const lines: Line[] = []
  const app = Fastify({
    logger: { level: 'error', stream: keepIn(lines) },
    disableRequestLogging: (request) => request.url === '/quiet',
  })
  await app.register(scsPlugin, { audit: false })
  for (const path of ['/quiet', '/loud']) app.get(path, () => fail(new Error('x')))
  for (const path of ['/quiet', '/loud']) await app.inject(path)
  expect(lines.map(({ req }) => (req as { url: string }).url)).toEqual(['/loud'])
})

it('a mistake in the options of `abort` is logged also without a line about the error', async () => {
  const lines = await linesOf((app) => app.get('/', () => abort(404, { id: 'no-such-id' })), {
    disableRequestLogging: true,
  })
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatchObject({ level: 50 })
})

it('a log controller’s own method writes the line about an error in place of core, and gets redacted values', async () => {
  class Own extends LogController {
    override defaultErrorLog(
      error: Error,
      request: FastifyRequest,
      reply: FastifyReply,
      metadata?: object,
    ): void {
      reply.log.error({ own: error.message, url: request.url, code: reply.statusCode, metadata })
    }
    override routeNotFound(request: FastifyRequest): void {
      request.log.error({ own: 'nowhere', url: request.url })
    }
  }
  const lines: Line[] = []
  const app = Fastify({
    logger: { level: 'error', stream: keepIn(lines) },
    logController: new Own(),
  })
  await app.register(scsPlugin, { audit: false })
  app.get('/', () => fail(new Error('password=hunter2')))
  await app.inject('/?token=hunter2')
  await app.inject('/nowhere?token=hunter2')
  expect(JSON.stringify(lines)).not.toContain('hunter2')
  expect(lines).toMatchObject([
    {
      own: 'password=[redacted]',
      url: '/?token=[redacted]',
      code: 500,
      metadata: { status: 500, id: 'internal-server-error' },
    },
    { own: 'nowhere', url: '/nowhere?token=[redacted]' },
  ])
})

it('when a serializer throws, the line is missing and counted, and the answer is sent', async () => {
  const lines: Line[] = []
  const serializers = { err: () => fail(new Error('no')) }
  const app = Fastify({ logger: { level: 'error', stream: keepIn(lines), serializers } })
  await app.register(scsPlugin, { audit: false })
  app.get('/', () => fail(new Error('x')))
  expect((await app.inject('/')).statusCode).toBe(500)
  expect(app.scs.stats().callbackFailures.logger).toBe(1)
})

it('a line of the application log has the type and stack of the error, and the request', async () => {
  const lines: Line[] = []
  const app = Fastify({ logger: scsLogger({ stream: keepIn(lines) }) })
  await app.register(scsPlugin, { audit: false })
  app.get('/', () => fail(new RangeError('out of reach', { cause: new TypeError('the reason') })))
  await app.inject('/?page=3')
  expect(lines.find(({ level }) => level === 'ERROR')).toMatchObject({
    message: 'out of reach',
    errorType: 'RangeError',
    errorInfo: expect.stringContaining('caused by: TypeError: the reason'),
    req: { method: 'GET', url: '/?page=3', remoteAddress: '127.0.0.1' },
    res: { statusCode: 500 },
    status: 500,
  })
})

it('the line about an error with sockets and cycles in its fields has a limited length', async () => {
  const wide = Object.fromEntries(
    Array.from({ length: 50_000 }, (_, i) => [`key${i}`, 'x'.repeat(99)]),
  )
  const error = Object.assign(new Error('x'), { request: wide })
  Object.assign(error, { self: error })
  const lines = await linesOf((app) => app.get('/', () => fail(error)))
  expect(JSON.stringify(errorLine(lines)).length).toBeLessThan(100_000)
})

it('thrown values that are not errors, that throw when they are read, or that are frozen have a line too', async () => {
  const hostile = new Proxy(new Error('x'), {
    get: () => fail(new Error('trap')),
    ownKeys: () => fail(new Error('trap')),
    getPrototypeOf: () => fail(new Error('trap')),
  })
  const values = [
    undefined,
    null,
    'text',
    7,
    { statusCode: 500 },
    hostile,
    Object.freeze(new Error('frozen')),
  ]
  for (const value of values) {
    const lines = await linesOf((app) => app.get('/', async () => Promise.reject(value)))
    expect(lines.filter((line) => line.status === 500)).toHaveLength(1)
  }
})

it.each([
  ['a description', 'table token=[redacted]', { description: 'table token=abcdefgh12345678' }],
  ['nothing', 'An unexpected error occurred', {}],
])(
  'an error without a message for users, with %s, has a message in the log',
  async (_name, text, options) => {
    const lines = await linesOf((app) => app.get('/', () => fail(new ServiceError('', options))))
    expect(errorLine(lines)?.msg).toBe(text)
  },
)

it('the line about a forwarded error of another service has the message of that service', async () => {
  const answered = { error: { id: 'ledger-closed', message: 'The ledger is closed' }, status: 503 }
  const lines = await linesOf((app) => app.get('/', () => fail(ServiceError.from(answered))))
  expect(errorLine(lines)?.msg).toBe('The ledger is closed')
})
