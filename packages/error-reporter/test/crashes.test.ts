import { Readable } from 'node:stream'
import scsPlugin, { abort, ServerError } from '@fastify-scs/core'
import errorReporter, { type CrashReport } from '@fastify-scs/error-reporter'
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { boom, buildApp, onlyReport, UUID } from './build-app.js'

const failLater = async (): Promise<never> => {
  await Promise.resolve()
  return boom()
}

const places: Record<string, (app: FastifyInstance) => unknown> = {
  'thrown in an onRequest hook': (app) => app.get('/', { onRequest: boom }, () => 'ok'),
  'thrown in a preParsing hook': (app) => app.get('/', { preParsing: boom }, () => 'ok'),
  'thrown in a preValidation hook': (app) => app.get('/', { preValidation: boom }, () => 'ok'),
  'thrown in a preHandler hook': (app) => app.get('/', { preHandler: failLater }, () => 'ok'),
  'thrown in a handler': (app) => app.get('/', boom),
  'thrown in an async handler': (app) => app.get('/', failLater),
  'sent as an error': (app) => app.get('/', (_q, reply) => reply.send(new Error('secret detail'))),
  'thrown in a preSerialization hook': (app) =>
    app.get('/', { preSerialization: boom }, async () => ({})),
  'thrown in an onSend hook': (app) => app.get('/', { onSend: boom }, () => 'ok'),
  'thrown by a toJSON': (app) => app.get('/', async () => ({ toJSON: boom })),
  'of a stream before its first byte': (app) =>
    app.get('/', (_q, reply) => {
      const stream = new Readable({ read: () => stream.destroy(new Error('secret detail')) })
      return reply.send(stream)
    }),
  'thrown in a plugin’s context': (app) =>
    app.register(async (child) => void child.get('/', failLater)),
  'thrown where a child context has an error handler of its own': (app) =>
    app.register(async (child) => {
      child.setErrorHandler((_error, _request, reply) => reply.code(500).send({ own: true }))
      child.get('/', failLater)
    }),
  'thrown where a child’s error handler throws again': (app) =>
    app.register(async (child) => {
      child.setErrorHandler(() => boom())
      child.get('/', failLater)
    }),
  'thrown where a child’s error handler hands it on': (app) =>
    app.register(async (child) => {
      child.setErrorHandler((error, _request, reply) => reply.send(error))
      child.get('/', failLater)
    }),
}

describe('every answer of 500 or above is reported as fatal, exactly once', () => {
  it.each(Object.entries(places))('an error %s', async (_name, add) => {
    const test = await buildApp({ reporter: { growth: 1 } })
    add(test.app)
    const answer = await test.app.inject('/')
    expect(answer.statusCode).toBe(500)
    const report = await onlyReport(test)
    expect(report.is_fatal_error).toBe(true)
    expect(report.response?.interrupted).toBe(false)
    expect(report.title).toBe(
      'FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /: secret detail'.replace(
        'SERVER_ERROR',
        String(report.response?.error_code),
      ),
    )
    expect(report.trace.join('\n')).toMatch(/crashes\.test\.ts|build-app\.ts/)
    expect(answer.headers['x-error-id']).toBe(report.error_id)
    expect(report.error_id).toMatch(UUID)
  })
})

it('a serialization that fails is an INTERNAL_VALIDATION_ERROR', async () => {
  const test = await buildApp()
  const schema = { response: { 200: { type: 'array', items: {} } } }
  test.app.get('/', { schema }, async () => ({ half: 'made' }))
  await test.app.inject('/')
  const report = await onlyReport(test)
  expect(report.response?.error_code).toBe('INTERNAL_VALIDATION_ERROR')
})

it('a 5xx that a handler returns without an error is reported, with the id in its header', async () => {
  const test = await buildApp()
  test.app.get('/', (_request, reply) => reply.code(503).send('down for today'))
  const answer = await test.app.inject('/')
  const report = await onlyReport(test)
  expect(answer.body).toBe('down for today')
  expect(answer.headers['x-error-id']).toBe(report.error_id)
  expect(report).toMatchObject({
    title: 'FATAL BACKEND ERROR orders 503 SERVICE_UNAVAILABLE: GET /: Service Unavailable',
    error_caught: null,
    response: { status: 503, error_code: 'SERVICE_UNAVAILABLE', interrupted: false },
  })
  const line = test.log.find(({ errorId }) => errorId === report.error_id)
  expect(line).toMatchObject({ level: 50, status: 503 })
})

it('a 5xx that is returned in a child context with an error handler of its own is reported', async () => {
  const test = await buildApp()
  await test.app.register(async (child) => {
    child.setErrorHandler(() => 'never called')
    child.get('/', async (_request, reply) => reply.code(500).send({ own: true }))
  })
  await test.app.inject('/')
  expect((await onlyReport(test)).response?.status).toBe(500)
})

it('a 5xx that is written to the raw response is reported', async () => {
  const test = await buildApp()
  test.app.get('/', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(502)
    reply.raw.end('bad')
  })
  await test.app.inject('/')
  expect((await onlyReport(test)).response?.status).toBe(502)
})

it('a log that fails once the answer is sent does not end the process', async () => {
  const test = await buildApp()
  test.app.get('/', (request, reply) => {
    request.log.error = () => {
      throw new Error('the log is full')
    }
    reply.hijack()
    reply.raw.writeHead(502)
    reply.raw.end('bad')
  })
  expect((await test.app.inject('/')).statusCode).toBe(502)
  expect(test.app.errorReporter.stats().callbackFailures.build).toBe(1)
  expect((await onlyReport(test)).response?.status).toBe(502)
})

it('a status that a later hook changes to 5xx is reported', async () => {
  const test = await buildApp()
  test.app.addHook('onSend', async (_request, reply) => void reply.code(500))
  test.app.get('/', () => 'ok')
  await test.app.inject('/')
  expect((await onlyReport(test)).response?.status).toBe(500)
})

it('an answer that an onSend hook makes a 5xx shows the id of its report, whichever was registered first', async () => {
  for (const isHookFirst of [true, false]) {
    const reports: CrashReport[] = []
    const app = Fastify()
    await app.register(scsPlugin, { audit: false })
    const addHook = (): unknown =>
      app.addHook('onSend', async (_request, reply) => void reply.code(503))
    if (isHookFirst) addHook()
    await app.register(errorReporter, {
      errorReporter: (_title, _message, report) => void reports.push(report),
    })
    if (!isHookFirst) addHook()
    app.get('/', () => 'ok')
    const { statusCode, body, headers } = await app.inject('/')
    await app.close()
    expect([statusCode, body]).toEqual([503, 'ok'])
    expect(reports).toHaveLength(1)
    expect(headers['x-error-id']).toBe(reports[0]?.error_id)
  }
})

it('a fetch Response of 5xx that a handler returns is reported under the id it brings', async () => {
  const test = await buildApp()
  const headers = { 'x-error-id': '0191d2f0-0000-7000-8000-000000000001' }
  test.app.get('/', async () => new Response('bad', { status: 502, headers }))
  const answer = await test.app.inject('/')
  expect([answer.statusCode, answer.body]).toEqual([502, 'bad'])
  const report = await onlyReport(test)
  expect(report.error_id).toBe(headers['x-error-id'])
  expect(answer.headers['x-error-id']).toBe(headers['x-error-id'])
})

it('an error below 500 is not a crash', async () => {
  const test = await buildApp()
  test.app.get('/', () => abort(404))
  test.app.get('/returned', (_request, reply) => reply.code(499).send('no'))
  await test.app.register(async (child) => {
    child.setErrorHandler((_error, _request, reply) => reply.code(400).send('no'))
    child.get('/child', boom)
  })
  for (const url of ['/', '/returned', '/child', '/nowhere']) {
    expect((await test.app.inject(url)).headers['x-error-id']).toBeUndefined()
  }
  expect(await test.reported()).toEqual([])
})

it('an expected answer of 500 is still a crash, and its report shows the cause', async () => {
  const test = await buildApp()
  test.app.get('/', () => {
    const cause = new TypeError('inner', { cause: new RangeError('innermost') })
    throw new ServerError('Sorry', { description: 'the stock is gone' }).caught(cause)
  })
  await test.app.inject('/')
  const report = await onlyReport(test)
  expect(report.response).toMatchObject({
    error_description: 'the stock is gone',
    user_message: 'Sorry',
  })
  expect(report.causes).toMatchObject([
    { name: 'TypeError', message: 'inner' },
    { name: 'RangeError', message: 'innermost' },
  ])
  for (const { trace } of report.causes) expect(trace.join('\n')).toContain('crashes.test.ts')
})

it.each([undefined, null, 'text', 7, Object.create(null), new Proxy({}, { get: boom })])(
  'whatever is thrown is reported and answered',
  async (thrown) => {
    const test = await buildApp()
    test.app.get('/', (_request, reply) => {
      if (thrown === undefined || thrown === null) return reply.code(500).send(thrown)
      throw thrown
    })
    expect((await test.app.inject('/')).statusCode).toBe(500)
    expect((await onlyReport(test)).is_fatal_error).toBe(true)
  },
)

it('in a context that was made before the plugin was registered, what core answers is reported', async () => {
  const { default: Fastify } = await import('fastify')
  const { default: scsPlugin } = await import('@fastify-scs/core')
  const { default: errorReporter } = await import('@fastify-scs/error-reporter')
  const titles: string[] = []
  const app = Fastify()
  await app.register(scsPlugin, { source: 'orders', audit: false })
  await app.register(async (child) => void child.get('/', boom))
  await app.register(errorReporter, { errorReporter: (title) => void titles.push(title) })
  const answer = await app.inject('/')
  expect(answer.headers['x-error-id']).toMatch(UUID)
  await new Promise((resolve) => setImmediate(resolve))
  await app.errorReporter.flush()
  expect(titles).toEqual(['FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /: secret detail'])
})

describe('an answer that cannot be sent as it was planned', () => {
  const bad = 'attachment; filename="€.pdf"'

  it.each<[string, (app: FastifyInstance) => unknown]>([
    [
      'of a handler',
      (app) => app.get('/', async (_q, reply) => void reply.header('x', bad).send({})),
    ],
    [
      'of an onSend hook, each time',
      (app) => {
        const onSend = async (
          _request: unknown,
          reply: { header(name: string, value: string): unknown },
        ) => void reply.header('x', bad)
        app.get('/', { onSend }, async () => 'ok')
      },
    ],
    [
      'of a preSerialization hook, each time',
      (app) => app.get('/', { preSerialization: boom }, async () => ({})),
    ],
  ])('%s is reported once, and the answer carries the id', async (_what, add) => {
    const test = await buildApp({ reporter: { growth: 1 } })
    add(test.app)
    const answer = await test.app.inject('/')
    expect(answer.statusCode).toBe(500)
    const { error_id } = await onlyReport(test)
    expect(answer.headers['x-error-id']).toBe(error_id)
    expect(answer.json().error_id).toBe(error_id)
  })
})

describe('an error that another service gave to us', () => {
  const upstream = () =>
    Object.assign(new Error('no such index [internal]'), {
      statusCode: 404,
      meta: { statusCode: 404 },
    })

  it('is a crash, and its text is in the report only', async () => {
    const test = await buildApp()
    test.app.get('/', async () => {
      throw upstream()
    })
    const answer = await test.app.inject('/')
    expect([answer.statusCode, answer.body.includes('internal')]).toEqual([502, false])
    const report = await onlyReport(test)
    expect(report.title).toBe(
      'FATAL BACKEND ERROR orders 502 BAD_GATEWAY: GET /: no such index [internal]',
    )
  })

  it('is a crash when it breaks off an answer that has begun', async () => {
    const test = await buildApp()
    test.app.get('/', (_request, reply) => {
      reply.raw.writeHead(200)
      reply.raw.write('first')
      throw upstream()
    })
    const address = await test.app.listen({ port: 0, host: '127.0.0.1' })
    await fetch(address)
      .then((answer) => answer.text())
      .catch(() => undefined)
    while (test.calls.length === 0) await test.reported()
    expect((await onlyReport(test)).response).toMatchObject({ interrupted: true })
    await test.app.close()
  })
})

it('a payload that throws when the reporter reads it leaves the answer as it is', async () => {
  const test = await buildApp()
  const stream = Readable.from(['a', 'b'])
  Object.defineProperty(stream, 'on', {
    value: function on(this: Readable, ...args: Parameters<Readable['on']>) {
      // The reporter listens before anybody else.
      Reflect.deleteProperty(this, 'on')
      if (args[0] === 'error') throw new Error('nobody listens here')
      return this.on(...args)
    },
    configurable: true,
  })
  test.app.get('/', async () => stream)
  const answer = await test.app.inject('/')
  expect([answer.statusCode, answer.body]).toEqual([200, 'ab'])
  expect(test.app.errorReporter.stats().callbackFailures.build).toBe(1)
})
