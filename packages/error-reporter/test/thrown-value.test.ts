import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import {
  type Delivery,
  type ErrorReporter,
  fileReporter,
  type SyncReporter,
} from '@fastify-scs/error-reporter'
import store from '@fastify-scs/store'
import {
  createStackParser,
  createTransport,
  nodeStackLineParser,
  Scope,
  ServerRuntimeClient,
} from '@sentry/core'
import type { FastifyInstance } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { Dispatcher } from '../src/delivery/dispatcher.js'
import { resolveOptions } from '../src/options.js'
import { buildApp, type Call, type TestApp } from './build-app.js'

const SECRET = 'only-in-the-thrown-value'

class PaymentError extends Error {
  override readonly name = 'PaymentError'
  readonly answerOfProvider = { note: SECRET }
}

/** An app and what its only reporter was given as `delivery.error`. */
async function buildTaking(): Promise<TestApp & { readonly taken: unknown[] }> {
  const taken: unknown[] = []
  const take: ErrorReporter = (_title, _message, _report, { error }) => void taken.push(error)
  const test = await buildApp({ reporter: { errorReporter: take, growth: 1 } })
  return { ...test, taken }
}

const thrown = new PaymentError('refused', { cause: new TypeError('socket') })

it.each<[string, (app: FastifyInstance) => unknown]>([
  [
    'a handler throws',
    (app) =>
      app.get('/', () => {
        throw thrown
      }),
  ],
  [
    'a handler that another error handler answers throws',
    (app) =>
      app.register(async (child) => {
        child.setErrorHandler((_error, _request, reply) => reply.code(502).send('sorry'))
        child.get('/', () => {
          throw thrown
        })
      }),
  ],
  [
    'a report of a request has caught',
    (app) => app.get('/', (request) => request.reportError('Oops', { caught: thrown })),
  ],
  [
    'a report of the app has caught',
    (app) => app.get('/', () => app.reportError('Oops', { caught: thrown })),
  ],
])('a reporter gets the very value that %s', async (_how, route) => {
  const { app, reported, taken } = await buildTaking()
  route(app)
  await app.inject('/')
  await reported()
  expect(taken).toHaveLength(1)
  expect(taken[0]).toBe(thrown)
})

it.each([null, 0, 'a text', { status: 503 }])(
  'also one that is not an error: %j',
  async (value) => {
    const { app, reported, taken } = await buildTaking()
    app.reportError('Oops', { caught: value })
    await reported()
    expect(taken).toEqual([value])
  },
)

it('it is undefined for a 5xx that was returned without an error', async () => {
  const { app, reported, taken } = await buildTaking()
  app.get('/', (_request, reply) => reply.code(503).send({ message: 'closed' }))
  await app.inject('/')
  await reported()
  expect(taken).toEqual([undefined])
})

it('a new attempt gets it again, and so does one that waits for the store', async () => {
  const taken: unknown[] = []
  const take: ErrorReporter = (_title, _message, _report, { attempt, error }) => {
    taken.push(error)
    if (attempt === 1) throw new Error('not now')
  }
  const { app, reported } = await buildApp({
    reporter: { errorReporter: take, delivery: { retryMs: 1 } },
  })
  await app.register(store, { url: 'memory:' })
  await app.ready()
  app.reportError('Oops', { caught: thrown })
  await reported()
  expect(taken).toEqual([thrown, thrown])
  await app.close()
})

it('a synchronous reporter gets it too, when the process ends', async () => {
  const taken: unknown[] = []
  const sync: SyncReporter = (_title, _message, _report, _log, error) => void taken.push(error)
  const never = Object.assign(() => new Promise(() => undefined), { sync })
  const { app, calls } = await buildApp()
  app.reportError('Oops')
  await app.errorReporter.flush()
  const dispatcher = new Dispatcher(resolveOptions({}, app.scs).delivery, app.log, app.scs.redactor)
  dispatcher.add(never)
  dispatcher.send((calls[0] as Call).report, thrown)
  dispatcher.endNow()
  expect(taken).toEqual([thrown])
})

it('it is in no file, no store, no log, and not shown when a delivery is inspected', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'thrown-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'reports.jsonl')
  const deliveries: Delivery[] = []
  const test = await buildApp({
    reporter: {
      errorReporter: [
        fileReporter({ path }),
        (_title, _message, _report, delivery) => void deliveries.push(delivery),
        () => {
          throw Object.assign(new Error('refused'), { isFinal: true })
        },
      ],
    },
  })
  await test.app.register(store, { url: 'memory:' })
  await test.app.ready()
  test.app.reportError('Oops', { caught: Object.assign(() => thrown, { note: SECRET }) })
  await test.reported()
  const { app } = test
  const { scsStore } = app as FastifyInstance & StoreHolder
  await scsStore.flush()
  const { items } = await scsStore.find('reports', {})
  expect(items).toHaveLength(1)
  const [delivery] = deliveries
  const written = [readFileSync(path, 'utf8'), JSON.stringify(items), JSON.stringify(test.log)]
  const { log: _log, ...shown } = delivery as Delivery
  for (const text of [...written, JSON.stringify(shown), inspect(delivery)]) {
    expect(text).not.toContain(SECRET)
  }
  expect(delivery?.error).toHaveProperty('note', SECRET)
  await app.close()
})

interface StoreHolder {
  readonly scsStore: {
    flush(): Promise<void>
    find(kind: 'reports', filter: object): Promise<{ items: unknown[] }>
  }
}

it('Sentry takes the error with its class, its stack and its causes, under the same error id', async () => {
  const envelopes: string[] = []
  const client = new ServerRuntimeClient({
    dsn: 'https://key@sentry.test/1',
    integrations: [],
    stackParser: createStackParser(nodeStackLineParser()),
    transport: (options) =>
      createTransport(options, async ({ body }) => {
        envelopes.push(String(body))
        return { statusCode: 200 }
      }),
  })
  const sentryReporter: ErrorReporter = async (title, _message, report, { error }) => {
    const scope = new Scope()
    scope.setTag('error_id', report.error_id)
    scope.setExtra('title', title)
    client.captureException(error ?? new Error(title), undefined, scope)
    if (!(await client.flush(2_000))) throw new Error('Sentry has not taken it')
  }
  const { app, reported } = await buildApp({ reporter: { errorReporter: sentryReporter } })
  app.get('/pay', () => {
    throw thrown
  })
  const answer = await app.inject('/pay')
  await reported()
  expect(app.errorReporter.stats().reporters).toMatchObject([{ delivered: 1, failed: 0 }])
  const [, , event = ''] = (envelopes[0] ?? '').split('\n')
  const { exception, tags, extra } = JSON.parse(event)
  expect(exception.values).toMatchObject([
    { type: 'PaymentError', value: 'refused', stacktrace: { frames: expect.any(Array) } },
  ])
  expect(JSON.stringify(exception.values)).toContain('thrown-value.test')
  expect(tags).toEqual({ error_id: answer.headers['x-error-id'] })
  expect(extra.title).toContain('FATAL BACKEND ERROR orders 500')
})
