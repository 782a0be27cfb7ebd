import { EventEmitter } from 'node:events'
import { context, TraceFlags, trace } from '@opentelemetry/api'
import type { FastifyRequest } from 'fastify'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { boom, buildApp, onlyReport, UUID } from './build-app.js'
import { AsyncLocalStorageContextManager } from './span-context.js'

const SECRET = 'hunter2-s3cret'

it('a report holds the request, its user, the server, the time and the answer', async () => {
  const test = await buildApp({
    reporter: { apiVersion: '1.4.0', environment: 'production' },
    server: { trustProxy: true },
  })
  test.app.decorateRequest('user', null)
  test.app.addHook('onRequest', async (request) => {
    Object.assign(request, { user: { id: 'ann' } })
  })
  test.app.post('/orders/:id', boom)
  await test.app.inject({
    method: 'POST',
    url: '/orders/7?verbose=1',
    headers: { 'x-forwarded-for': '10.1.2.3', 'user-agent': 'tests', host: 'orders.test' },
    payload: { article: 'tea' },
  })
  const report = await onlyReport(test)
  expect(report).toMatchObject({
    title: 'FATAL BACKEND ERROR orders 500 SERVER_ERROR: POST /orders/:id: secret detail',
    error_caught: { name: 'Error', message: 'secret detail', code: null },
    stack: [],
    user: { id: 'ann', is_auth: 1, ip: '10.1.2.3', forwarded_ip: '10.1.2.3', user_agent: 'tests' },
    request: {
      method: 'POST',
      url: '/orders/7?verbose=1',
      base_url: 'http://orders.test/orders/7',
      path: '/orders/7',
      route: '/orders/:id',
      query: { verbose: '1' },
      params: { id: '7' },
      body: { article: 'tea' },
    },
    response: {
      status: 500,
      error_code: 'SERVER_ERROR',
      error_description: 'An unexpected error occurred',
      user_message: null,
    },
    server: {
      api_name: 'orders',
      api_version: '1.4.0',
      environment: 'production',
      pid: process.pid,
      node_version: process.version,
    },
    trace_id: null,
  })
  expect(report.id).toMatch(UUID)
  expect(report.server.memory.rss).toBeGreaterThan(1_000_000)
  expect(Object.keys(report.server.event_loop_delay)).toEqual(['max', 'mean', 'p99'])
  expect(report.time.microsecs).toBeGreaterThan(0)
  expect(Date.parse(report.time.end) - Date.parse(report.time.start)).toBeGreaterThanOrEqual(0)
  expect(report.group).toMatchObject({ occurrences: 1, suppressed: 0, held_back: 0 })
})

it('no secret in the path of a request reaches its report', async () => {
  const test = await buildApp({})
  test.app.get('/*', boom)
  await test.app.inject(`/shop;jsessionid=${SECRET}/bot110201543:AA${'x'.repeat(33)}?a=1`)
  const report = await onlyReport(test)
  expect(JSON.stringify(report)).not.toContain(SECRET)
  expect(JSON.stringify(report)).not.toContain('xxx')
  expect(report.request?.path).toBe('/shop;jsessionid=[redacted]/bot110201543:[redacted]')
})

it('no secret of a request, of an error or of its data reaches a report', async () => {
  const test = await buildApp({ core: { redact: { keys: ['iban'] } }, reporter: { growth: 1 } })
  const crash = (request: FastifyRequest): never => {
    request.reportError(`password=${SECRET}`, {
      caught: { error: 'X', error_description: `token: ${SECRET}`, status: 500, api_key: SECRET },
      data: { deep: [{ iban: SECRET, url: `https://a/?access_token=${SECRET}` }] },
    })
    throw new Error(`connect postgres://user:${SECRET}@db/x`, {
      cause: new Error(`authorization: Bearer ${SECRET}`),
    })
  }
  test.app.post('/', crash)
  test.app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
  const request = { method: 'POST', url: `/?api_key=${SECRET}` } as const
  const headers = {
    cookie: `sid=${SECRET}`,
    authorization: `Bearer ${SECRET}`,
    'x-api-key': SECRET,
  }
  await test.app.inject({ ...request, headers, payload: { password: SECRET, iban: SECRET } })
  const csv = { ...headers, 'content-type': 'text/csv' }
  await test.app.inject({ ...request, headers: csv, payload: `a;b;password=${SECRET}` })
  const calls = await test.reported()
  expect(calls).toHaveLength(4)
  expect(JSON.stringify(calls)).not.toContain(SECRET)
  expect(JSON.stringify(test.log)).not.toContain(`password=${SECRET}`)
})

it('nothing of the environment and no raw object is in a report', async () => {
  // Its lines of code would be those below, which have the text.
  const test = await buildApp({ reporter: { code: false } })
  process.env.SOME_SETTING = 'from the environment'
  test.app.get('/', (request) => {
    request.reportError('x', { data: { request, app: test.app, emitter: new EventEmitter() } })
    return 'ok'
  })
  await test.app.inject('/')
  const [call] = await test.reported()
  delete process.env.SOME_SETTING
  expect(call?.message).not.toContain('from the environment')
  expect(JSON.parse(JSON.stringify(call?.report))).toEqual(call?.report)
  expect(Buffer.byteLength(call?.message ?? '')).toBeLessThan(100_000)
})

it('large parts of a report are cut, and markers say how much is missing', async () => {
  const test = await buildApp({
    reporter: { maxBodyBytes: 1000 },
    server: { bodyLimit: 10_000_000 },
  })
  test.app.post('/', () => {
    throw new Error('m'.repeat(500_000), { cause: new Error('c'.repeat(500_000)) })
  })
  const payload = { text: 't'.repeat(500_000), list: Array.from({ length: 50_000 }, (_, at) => at) }
  await test.app.inject({ method: 'POST', url: `/?q=${'q'.repeat(10_000)}`, payload })
  test.app.reportError('Oops', { data: payload, caught: payload })
  const [call, other] = await test.reported()
  expect(Buffer.byteLength(call?.message ?? '')).toBeLessThan(120_000)
  expect(Buffer.byteLength(other?.message ?? '')).toBeLessThan(120_000)
  expect(Buffer.byteLength(JSON.stringify(other?.report.data))).toBeLessThan(2_000)
  expect(JSON.stringify(call?.report.request?.body)).toMatch(/\[truncated: \d+ (bytes|items)\]/)
  expect(call?.title.length).toBeLessThanOrEqual(300)
})

it('a title is one line, whatever the message', async () => {
  const test = await buildApp()
  test.app.get('/', () => {
    throw new Error('first\r\nBcc: everybody@example.com\u2028third')
  })
  await test.app.inject('/')
  expect((await onlyReport(test)).title).toBe(
    'FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /: first Bcc: everybody@example.com third',
  )
})

it('a report shows the audit events of its request so far, the newest 50, and no other’s', async () => {
  const test = await buildApp({ reporter: { growth: 1 } })
  test.app.scs.registerAuditEvent({ type: 'read', level: 'INFO', messageTemplate: 'Read {id}' })
  test.app.get('/:count', (request) => {
    const { count } = request.params as { count: string }
    for (let id = 0; id < Number(count); id++) request.addAuditEvent('read', { id })
    throw new Error('x')
  })
  for (const url of ['/2', '/51', '/0']) await test.app.inject(url)
  const facts = (await test.reported()).map(({ report }) => report.facts.audit_events)
  expect(facts[0]).toMatchObject([
    { type: 'read', message: 'Read 0', details: { id: 0, path: '/2' } },
    { message: 'Read 1' },
  ])
  expect(facts[1]).toHaveLength(51)
  expect((facts[1] as unknown[])[0]).toBe('[1 older ones]')
  expect(facts[2]).toBeUndefined()
})

it('what other plugins know of a request is in its reports', async () => {
  const test = await buildApp()
  test.app.scs.requestFacts.add('outbound_calls', () => [{ url: 'https://stock/1', status: 503 }])
  test.app.get('/', boom)
  await test.app.inject('/')
  expect((await onlyReport(test)).facts).toMatchObject({
    outbound_calls: [{ url: 'https://stock/1', status: 503 }],
  })
})

it('a call has one id across services, and a path that grows by this service', async () => {
  const test = await buildApp({ reporter: { growth: 1 } })
  test.app.get('/', boom)
  await test.app.inject({ url: '/', headers: { pymcallid: 'call-1', pymcallpath: 'shop' } })
  await test.app.inject({ url: '/', headers: { 'x-request-id': 'call-2' } })
  await test.app.inject('/')
  const calls = (await test.reported()).map(({ report: r }) => [r.call_id, r.call_path])
  expect(calls).toEqual([
    ['call-1', 'shop.orders'],
    ['call-2', 'orders'],
    ['req-3', 'orders'],
  ])
})

it('core’s option user finds who made a request; when it throws the user is unknown, and that is counted', async () => {
  const test = await buildApp({
    reporter: { growth: 1 },
    core: {
      user: (request) => {
        if (request.headers['x-user'] === undefined) throw new Error('who?')
        return request.headers['x-user'] as string
      },
    },
  })
  test.app.get('/', boom)
  await test.app.inject({ url: '/', headers: { 'x-user': 'bob' } })
  await test.app.inject('/')
  const users = (await test.reported()).map(({ report }) => report.user)
  expect(users).toMatchObject([
    { id: 'bob', is_auth: 1 },
    { id: null, is_auth: 0 },
  ])
  expect(test.app.scs.stats().callbackFailures.user).toBe(1)
})

it('a body that is a stream, binary or text is shown as what it is', async () => {
  const test = await buildApp({ reporter: { growth: 1 } })
  test.app.removeAllContentTypeParsers()
  test.app.addContentTypeParser('x/stream', (_request, payload, done) => {
    payload.resume()
    done(null, payload)
  })
  test.app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  test.app.post('/', boom)
  for (const type of ['x/stream', 'x/binary']) {
    const headers = { 'content-type': type }
    await test.app.inject({ method: 'POST', url: '/', headers, payload: 'abc' })
  }
  const bodies = (await test.reported()).map(({ report }) => report.request?.body)
  expect(bodies).toEqual(['[stream]', '[binary: 3 bytes]'])
})

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'
const manager = new AsyncLocalStorageContextManager()
beforeEach(() => void context.setGlobalContextManager(manager))
afterEach(() => context.disable())

it('a report names the active span of OpenTelemetry', async () => {
  const test = await buildApp()
  test.app.get('/', boom)
  const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: TraceFlags.SAMPLED })
  // `inject` does nothing until somebody waits for it.
  await context.with(trace.setSpan(context.active(), span), async () => await test.app.inject('/'))
  expect(await onlyReport(test)).toMatchObject({ trace_id: traceId, span_id: spanId })
})
