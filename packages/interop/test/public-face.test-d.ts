import scsConsole from '@fastify-scs/console'
import scsPlugin, {
  AuthTokenExpiredError,
  abort,
  addError,
  addErrors,
  currentRequest,
  defineAuditEvent,
  defineError,
  type Failure,
  InvalidParameterError,
  isError,
  type RequestTimelineEntry,
  RequestTimeoutError,
  ServiceError,
  scsLogger,
} from '@fastify-scs/core'
import errorReporter, {
  type CrashReport,
  emailReporter,
  fileReporter,
  logReporter,
  slackReporter,
  webhookReporter,
} from '@fastify-scs/error-reporter'
import integrationLog, {
  type IntegrationHandle,
  type IntegrationPage,
  type IntegrationRecord,
  type IntegrationStatus,
} from '@fastify-scs/integration-log'
import queryLog, {
  observeBetterSqlite,
  observeIoredis,
  observeKnex,
  observeMongo,
  observeNodeSqlite,
  observePg,
  type QueriesFact,
} from '@fastify-scs/query-log'
import slowCall, { type BlockedReport, type SlowCallReport } from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify, { type FastifyRequest } from 'fastify'
import { expectTypeOf, it } from 'vitest'

/* The names and types that applications rely on, each as it is used. */

declare const request: FastifyRequest
const app = Fastify({ logger: scsLogger({ source: 'orders', stdout: { level: 'info' } }) })

it('core: its options', () => {
  void app.register(scsPlugin, {
    source: 'orders',
    errorFormat: 'scs',
    errorDecorator: (body, _error, _request) => body,
    user: (asked) => String(asked.id),
    audit: {
      stdout: { level: 'info' },
      file: { path: 'audit.log', level: 'info', maxSizeMb: 10, backupCount: 3 },
      stream: { write: () => undefined },
    },
    redact: { keys: ['iban'], headers: ['x-partner-key'], censor: '[redacted]' },
    context: true,
  })
  void app.register(scsPlugin, { errorFormat: 'pymacaron', audit: false })
  void app.register(scsPlugin, { errorFormat: 'problem' })
  void app.register(scsPlugin, {
    errorFormat: (error, asked) => {
      expectTypeOf(error).toEqualTypeOf<Failure>()
      expectTypeOf(asked).toExtend<FastifyRequest>()
      return { id: error.id }
    },
  })
})

it('core: its registries', () => {
  const rateLimited = app.scs.registerError({ code: 429, id: 'auth-rate-limited', message: 'm' })
  expectTypeOf(rateLimited()).toExtend<Error>()
  expectTypeOf(rateLimited({ details: { a: 1 } })).toExtend<Error>()
  app.scs.registerError(defineError({ code: 409, id: 'closed', message: 'm', isDefault: true }))
  app.scs.registerException({ exceptionClass: TypeError, id: 'broken', message: 'm' })
  const template = { type: 't', level: 'INFO', messageTemplate: 'Did {terribleThing}' } as const
  app.scs.registerAuditEvent(template)(request, { terribleThing: 'x' })
  // @ts-expect-error a field of the template is missing
  app.scs.registerAuditEvent(defineAuditEvent(template))(request, {})
  expectTypeOf(app.scs.addAuditEvent('t', { a: 1 })).toBeVoid()
  expectTypeOf(request.addAuditEvent('t', { a: 1 })).toBeVoid()
  expectTypeOf(app.scs.errors).toExtend<readonly object[]>()
  expectTypeOf(app.scs.exceptions).toExtend<readonly object[]>()
  expectTypeOf(app.scs.auditEvents).toExtend<readonly object[]>()
  expectTypeOf(currentRequest()).toEqualTypeOf<FastifyRequest | undefined>()
  const [entry] = request.timeline()
  expectTypeOf(entry).toEqualTypeOf<RequestTimelineEntry | undefined>()
  expectTypeOf<RequestTimelineEntry['times']>().toEqualTypeOf<number | null>()
})

it('core: its errors', () => {
  const stop = (): never => abort(429, { id: 'auth-rate-limited', details: { a: 1 } })
  expectTypeOf(stop).returns.toBeNever()
  class InvalidUserError extends ServiceError {
    static override code = 'INVALID_USER'
    static override status = 401
  }
  const error = new InvalidUserError("Sorry, we don't know you", { description: 'd', cause: 1 })
  expectTypeOf(error.caught(new Error('x'))).toExtend<ServiceError>()
  expectTypeOf(ServiceError.from({ error: 'X', status: 404 })).toExtend<ServiceError>()
  expectTypeOf(
    new (addError({ name: 'GoneError', code: 'GONE', status: 410 }))('m'),
  ).toExtend<ServiceError>()
  expectTypeOf(isError({})).toBeBoolean()
  expectTypeOf(addErrors([{ name: 'LateError', code: 'LATE', status: 408 }])).toBeObject()
  for (const Ready of [InvalidParameterError, RequestTimeoutError, AuthTokenExpiredError])
    expectTypeOf(new Ready('m')).toExtend<ServiceError>()
  app.get('/', { throws: [InvalidUserError, 'auth-rate-limited'] }, async () => 'x')
})

it('error-reporter', () => {
  const mail = { sendMail: async () => undefined }
  void app.register(errorReporter, {
    apiName: 'orders',
    apiVersion: '1.4.0',
    environment: 'production',
    errorReporter: async (title, message, report) => {
      expectTypeOf([title, message]).toEqualTypeOf<string[]>()
      expectTypeOf(report).toEqualTypeOf<CrashReport>()
    },
  })
  void app.register(errorReporter, {
    errorReporter: [
      logReporter(),
      webhookReporter({ url: 'https://a.b' }),
      slackReporter({ url: 'https://a.b' }),
      emailReporter(mail, { from: 'a@b.c', to: 'a@b.c' }),
      fileReporter({ path: 'reports.log' }),
    ],
  })
  expectTypeOf(request.reportError('Oops', { caught: 1, data: 2 })).toEqualTypeOf<
    string | undefined
  >()
  app.reportError('Oops', { caught: 1, data: 2, fatal: true, request })
})

it('slow-call', () => {
  const onSlowCall = (report: SlowCallReport): void => void report
  void app.register(slowCall, { maxMs: 1_000, stuckAfterMs: 60_000, onSlowCall })
  app.get('/a', { slowCall: { maxMs: 5_000 } }, async () => 'x')
  app.get('/b', { slowCall: 5_000 }, async () => 'x')
  app.get('/c', { config: { slowCall: false } }, async () => 'x')
  app.slowCall.maxMs = 2_000
})

it('slow-call: what held up the event loop', () => {
  expectTypeOf<BlockedReport['tree'][number]['file']>().toBeString()
  expectTypeOf<BlockedReport['route']>().toEqualTypeOf<string | null>()
})

it('query-log', () => {
  void app.register(queryLog, { maxQueries: 200, repeatedFrom: 5, channels: true })
  void app.register(queryLog, { channels: ['mysql2', 'ioredis'] })
  expectTypeOf(app.queryLog.stats().queries).toBeNumber()
  // Each gives back what it was given, of the very same type.
  type Sqlite = { prepare(text: string): string; exec(text: string): void; isMine: true }
  type BetterSqlite = Sqlite & { pragma(text: string): number }
  type NodeSqlite = Sqlite & { createSession(): object }
  expectTypeOf(observeBetterSqlite<BetterSqlite>).returns.toEqualTypeOf<BetterSqlite>()
  expectTypeOf(observeNodeSqlite<NodeSqlite>).returns.toEqualTypeOf<NodeSqlite>()
  for (const observe of [observeIoredis, observeKnex, observeMongo, observePg])
    expectTypeOf(observe).toBeFunction()
  expectTypeOf<QueriesFact['list'][number]['durationMs']>().toEqualTypeOf<number | null>()
})

it('store', async () => {
  void app.register(store, { url: 'sqlite:./scs.db', retentionDays: 30 })
  for (const kind of ['integration_requests', 'reports', 'audit_events'] as const) {
    const { items, nextCursor } = await app.scsStore.find(kind, { service: 'stripe' })
    expectTypeOf(items).toExtend<readonly object[]>()
    expectTypeOf(nextCursor).toEqualTypeOf<string | undefined>()
    expectTypeOf((await app.scsStore.get(kind, 'id'))?.id).toEqualTypeOf<string | undefined>()
  }
  expectTypeOf(app.scsStore.stats()).resolves.toBeObject()
  expectTypeOf(app.scsStore.flush()).resolves.toBeBoolean()
  expectTypeOf(app.scsStore.prune({ olderThanDays: 30 })).resolves.toBeNumber()
})

it('integration-log: calls', async () => {
  void app.register(integrationLog, {
    services: {
      stripe: { origin: 'https://api.stripe.com', bodies: 'always', redact: { keys: ['iban'] } },
    },
    observe: true,
    maxBodyBytes: 65_536,
  })
  const reference = { type: 'Order', id: '42' }
  for (const { service } of [app.integrations, request.integrations]) {
    const stripe = service('stripe')
    const response = await stripe.fetch('/v1/charges', { method: 'POST', body: 'x', reference })
    expectTypeOf(response).toEqualTypeOf<Response>()
    expectTypeOf(app.integrations.of(response)).toEqualTypeOf<IntegrationHandle | undefined>()
    app.integrations.logResponse(response, { data: {}, reference })
  }
  const handle = app.integrations.log({
    service: 'stripe',
    key: 'k',
    url: 'https://a.b',
    method: 'POST',
    requestHeaders: {},
    data: {},
    output: {},
    error: {},
    status: 'Queued',
    statusCode: 200,
    reference,
    isRemoteRequest: true,
    description: 'd',
    requestId: 'r',
    id: '0198c8a4-0000-7000-8000-000000000000',
  })
  expectTypeOf(handle).toEqualTypeOf<IntegrationHandle>()
  handle.authorize()
  handle.complete({ a: 1 })
  handle.fail({ a: 1 })
  handle.cancel()
  handle.update({ a: 1 }, 'Authorized')
})

it('integration-log: records', async () => {
  const page = await app.integrations.find({
    service: 'stripe',
    status: ['Failed', 'Cancelled'],
    reference: { type: 'Order', id: '42' },
    from: new Date(),
    to: new Date(),
    text: 'x',
    cursor: 'c',
    limit: 10,
  })
  expectTypeOf(page).toEqualTypeOf<IntegrationPage>()
  const named = { service: 'stripe', key: 'k' }
  for (const which of ['id', named]) {
    expectTypeOf(await app.integrations.get(which)).toEqualTypeOf<IntegrationRecord | undefined>()
    expectTypeOf(await app.integrations.resume(which)).toEqualTypeOf<
      IntegrationHandle | undefined
    >()
  }
  expectTypeOf(app.integrations.prune({ olderThanDays: 30 })).resolves.toBeNumber()
  expectTypeOf<IntegrationStatus>().toEqualTypeOf<
    'Queued' | 'Authorized' | 'Completed' | 'Cancelled' | 'Failed'
  >()
  expectTypeOf<
    Pick<IntegrationRecord, 'id' | 'createdAt' | 'modifiedAt' | 'service'>
  >().toEqualTypeOf<Readonly<Record<'id' | 'createdAt' | 'modifiedAt' | 'service', string>>>()
  type Text = 'description' | 'requestId' | 'owner' | 'method' | 'url'
  expectTypeOf<Pick<IntegrationRecord, Text>>().toEqualTypeOf<
    Readonly<Record<Text, string | null>>
  >()
  type Given = 'requestHeaders' | 'data' | 'responseHeaders' | 'output' | 'error'
  expectTypeOf<IntegrationRecord>().toHaveProperty('data')
  expectTypeOf<Given>().toExtend<keyof IntegrationRecord>()
  type Whole = 'statusCode' | 'durationMs'
  expectTypeOf<Pick<IntegrationRecord, Whole>>().toEqualTypeOf<
    Readonly<Record<Whole, number | null>>
  >()
  expectTypeOf<IntegrationRecord['reference']>().toExtend<{ type: string; id: string } | null>()
  expectTypeOf<IntegrationRecord['isRemoteRequest' | 'truncated']>().toBeBoolean()
  const integration = { service: 'stripe', description: 'Subscription Notification' }
  app.post('/hooks/stripe', { integration }, async (asked) => asked.integration.id)
})

it('console', () => {
  void app.register(scsConsole, { prefix: '/_scs', authorize: async (asked) => asked.ip === '::1' })
})
