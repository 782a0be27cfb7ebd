import http from 'node:http'
import { context, TraceFlags, trace } from '@opentelemetry/api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IntegrationRecord } from '../src/record.js'
import { buildApp, only, type TestApp } from './build-app.js'
import { AsyncLocalStorageContextManager } from './span-context.js'
import { startUpstream, type Upstream } from './upstream/upstream.js'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const otherId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = 'b7ad6b7169203331'
const traceparent = `00-${otherId}-${spanId}-01`
const manager = new AsyncLocalStorageContextManager()
let upstream: Upstream

beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())
beforeEach(() => void context.setGlobalContextManager(manager))
afterEach(() => context.disable())

/** Runs with a span of OpenTelemetry as the active one. */
function inSpan<Result>(run: () => Promise<Result>): Promise<Result> {
  const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: TraceFlags.SAMPLED })
  return context.with(trace.setSpan(context.active(), span), run)
}

async function build(): Promise<TestApp> {
  const services = { upstream: { origin: upstream.origin } }
  return await buildApp({ log: { services, observe: true } })
}

async function end({ app, records }: TestApp): Promise<IntegrationRecord> {
  const record = only(await records())
  await app.close()
  return record
}

const get = (url: string): Promise<unknown> =>
  new Promise((resolve, reject) => {
    http.get(url, (response) => response.resume().once('close', resolve)).once('error', reject)
  })

describe('a record has the trace id of the span within which it was made', () => {
  it.each<[string, (app: TestApp['app']) => Promise<unknown>]>([
    [
      'a service’s fetch',
      async ({ integrations }) => (await integrations.service('upstream').fetch('/json')).text(),
    ],
    ['the built-in fetch', async () => (await fetch(`${upstream.otherOrigin}/json`)).text()],
    ['node:http', () => get(`${upstream.otherOrigin}/json`)],
    ['log', async ({ integrations }) => integrations.log({ service: 'a', status: 'Completed' })],
    [
      'logResponse',
      async ({ integrations }) => integrations.logResponse(new Response(null), { service: 'a' }),
    ],
  ])('%s', async (_name, make) => {
    const tested = await build()
    await inSpan(() => make(tested.app))
    expect((await end(tested)).traceId).toBe(traceId)
  })

  it('a webhook has the trace id of its span, not the one that its caller sent', async () => {
    const tested = await build()
    tested.app.post('/hook', { integration: { service: 'a' } }, () => 'ok')
    await inSpan(
      async () =>
        await tested.app.inject({ method: 'POST', url: '/hook', headers: { traceparent } }),
    )
    expect((await end(tested)).traceId).toBe(traceId)
  })

  it('also when it is described after the span has ended', async () => {
    const tested = await build()
    const response = await inSpan(() => tested.app.integrations.service('upstream').fetch('/json'))
    await response.text()
    expect((await end(tested)).traceId).toBe(traceId)
  })
})

it("a call's own traceparent header wins over the span", async () => {
  const tested = await build()
  const { fetch: call } = tested.app.integrations.service('upstream')
  await inSpan(async () => (await call('/json', { headers: { traceparent } })).text())
  expect((await end(tested)).traceId).toBe(otherId)
})

it('without a span the request’s own header is used', async () => {
  const tested = await build()
  tested.app.get('/', async (request) => {
    request.integrations.log({ service: 'a', status: 'Completed' })
    await (await request.integrations.service('upstream').fetch('/json')).text()
    return 'ok'
  })
  await tested.app.inject({ url: '/', headers: { traceparent } })
  const found = (await tested.records()).map((record) => record.traceId)
  expect(found).toEqual([otherId, otherId])
  await tested.app.close()
})

it('a tracer that fails loses no record', async () => {
  const tested = await build()
  manager.active = () => {
    throw new Error('broken')
  }
  await (await tested.app.integrations.service('upstream').fetch('/json')).text()
  tested.app.integrations.log({ service: 'a' })
  Reflect.deleteProperty(manager, 'active')
  expect((await tested.records()).map((record) => record.traceId)).toEqual([null, null])
  await tested.app.close()
})
