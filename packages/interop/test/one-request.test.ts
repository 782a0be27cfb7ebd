import { createServer } from 'node:http'
import scsPlugin, { defineAuditEvent } from '@fastify-scs/core'
import errorReporter from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import store, { type RecordFilter, type RecordKind } from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'

const KINDS: readonly RecordKind[] = ['reports', 'audit_events', 'integration_requests']
const paid = defineAuditEvent({ type: 'paid', level: 'INFO', messageTemplate: 'Paid' })
const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

/** A service whose upstream answers 500 to each call, and that calls it again by itself. */
async function buildApp(): Promise<FastifyInstance> {
  const upstream = createServer((_request, response) => response.writeHead(500).end('{}'))
  await new Promise<void>((resolve) => void upstream.listen(0, '127.0.0.1', resolve))
  const { port } = upstream.address() as { port: number }
  const app = Fastify({ requestIdHeader: 'x-request-id' })
  onTestFinished(async () => {
    await app.close()
    upstream.close()
  })
  await app.register(scsPlugin, { source: 'orders', context: true, audit: false })
  await app.register(store, { url: 'memory:' })
  await app.register(errorReporter, { apiVersion: '1.4.0', errorReporter: () => undefined })
  await app.register(slowCall, { maxMs: 0.001, blockedAfterMs: false })
  await app.register(integrationLog, {
    services: { payments: { origin: `http://127.0.0.1:${port}`, retry: true } },
  })
  app.scs.registerAuditEvent(paid)
  app.post('/orders/:id/pay', async (request) => {
    paid(request, {})
    const payments = app.integrations.service('payments')
    await (await payments.fetch('/charges', { method: 'POST', body: '{}' })).text()
    const { items } = await app.integrations.find({ service: 'payments' })
    await (await app.integrations.resume(items[0]?.id ?? ''))?.retry()
    request.reportError('The charge has failed')
    throw new Error('no money')
  })
  app.post('/slow', async (request) => {
    paid(request, {})
    return {}
  })
  app.post('/hook', { integration: { service: 'payments' } }, async (request) => {
    paid(request, {})
    throw new Error('not understood')
  })
  await app.ready()
  return app
}

/** How many records of each kind match. */
async function countsOf(app: FastifyInstance, filter: RecordFilter): Promise<number[]> {
  await app.errorReporter.flush()
  await app.scsStore.flush()
  const pages = KINDS.map(async (kind) => (await app.scsStore.find(kind, filter)).items.length)
  return await Promise.all(pages)
}

it.each([
  ['an id that is made', undefined],
  ['an id that is given', 'order-42'],
  ['an id that looks like a secret', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc'],
])('the records of one request have the same request id and trace id: %s', async (_name, given) => {
  const app = await buildApp()
  const id = given === undefined ? {} : { 'x-request-id': given }
  const headers = { traceparent, 'content-type': 'application/json', ...id }
  await app.inject({ method: 'POST', url: '/orders/7/pay', headers, payload: {} })
  await expect.poll(() => countsOf(app, { traceId })).toEqual([2, 1, 2])
  const [report] = (await app.scsStore.find('reports')).items
  const requestId = report?.keys.requestId ?? ''
  expect(requestId).not.toContain('4eC39HqLyjWDarjtT1zdp7dc')
  if (given === 'order-42') expect(requestId).toBe(given)
  expect(await countsOf(app, { requestId })).toEqual([2, 1, 2])
  const route = 'POST /orders/:id/pay'
  expect(await countsOf(app, { route, requestId })).toEqual([2, 1, 0])
  expect(await countsOf(app, { release: '1.4.0' })).toEqual([2, 0, 0])
})

it('so have a webhook and a slow call', async () => {
  const app = await buildApp()
  const headers = { traceparent, 'content-type': 'application/json' }
  for (const [url, counts] of [
    ['/hook', [1, 1, 1]],
    ['/slow', [1, 1, 0]],
  ] as const) {
    const withId = { ...headers, 'x-request-id': `id of ${url}` }
    await app.inject({ method: 'POST', url, headers: withId, payload: {} })
    await expect.poll(() => countsOf(app, { requestId: `id of ${url}`, traceId })).toEqual(counts)
  }
  const slow = await app.scsStore.find('reports', { status: 'slow', route: 'POST /slow' })
  expect(slow.items).toHaveLength(1)
})

it('the error id of an answer leads to its report, and from there to all of its request', async () => {
  const app = await buildApp()
  const headers = { 'content-type': 'application/json' }
  const answer = await app.inject({ method: 'POST', url: '/hook', headers, payload: {} })
  await countsOf(app, {})
  const remoteId = String(answer.headers['x-error-id'])
  const [report, ...others] = (await app.scsStore.find('reports', { remoteId })).items
  expect(others).toEqual([])
  await expect
    .poll(() => countsOf(app, { requestId: report?.keys.requestId ?? '' }))
    .toEqual([1, 1, 1])
})
