import type { JsonValue } from '@fastify-scs/core'
import type {
  IntegrationHandle,
  IntegrationPage,
  IntegrationRecord,
} from '@fastify-scs/integration-log'
import integrationLog from '@fastify-scs/integration-log'
import type { FoundRecord, RecordKind, StoredAuditEvent } from '@fastify-scs/store'
import Fastify, { type FastifyRequest } from 'fastify'
import { expectTypeOf, it } from 'vitest'

const app = Fastify()

it('options are checked', () => {
  void app.register(integrationLog, {
    services: {
      stripe: {
        origin: 'https://api.stripe.com',
        bodies: 'failed',
        agent: { connections: 5, headersTimeout: 1_000, connect: { timeout: 500 } },
      },
    },
    observe: true,
  })
  // @ts-expect-error no such policy
  void app.register(integrationLog, { services: { a: { bodies: 'all' } } })
  // @ts-expect-error no such option
  void app.register(integrationLog, { servces: {} })
})

it("a service's fetch is fetch", () => {
  const { fetch } = app.integrations.service('stripe')
  expectTypeOf(fetch).returns.toEqualTypeOf<Promise<Response>>()
  expectTypeOf(fetch).toExtend<(input: string, init?: RequestInit) => Promise<Response>>()
})

it('records are made, found and brought up to date', () => {
  const handle = app.integrations.log({ service: 'a', status: 'Authorized' })
  expectTypeOf(handle).toEqualTypeOf<IntegrationHandle>()
  handle.update({ a: 1 }, 'Completed')
  // @ts-expect-error no such status
  handle.update({}, 'Done')
  handle.refer({ type: 'Order', id: '42', key: 'k', description: 'Paid' })
  // @ts-expect-error no such field
  handle.refer({ type: 'Order', id: '42', descripton: 'Paid' })
  // @ts-expect-error a service is needed
  app.integrations.log({ url: 'x' })
  // @ts-expect-error no such field
  app.integrations.log({ service: 'a', refernce: { type: 'Order', id: '42' } })
  app.integrations.log({ service: 'a', key: 'k', remoteId: 'r' })
  void app.integrations.get({ service: 'a', key: 'k' })
  void app.integrations.resume({ service: 'a', key: 'k' })
  // @ts-expect-error a key is one of a service
  void app.integrations.get({ key: 'k' })
  void app.integrations.find({
    status: ['Failed', 'Cancelled'],
    statusNot: 'Queued',
    direction: 'out',
    method: 'GET',
    owner: 'ann',
    urlPrefix: 'https://a.b/',
    key: 'k',
    remoteId: 'r',
  })
  // @ts-expect-error no such direction
  void app.integrations.find({ direction: 'outbound' })
  expectTypeOf(app.integrations.find).returns.toEqualTypeOf<Promise<IntegrationPage>>()
  expectTypeOf(app.integrations.get).returns.toEqualTypeOf<Promise<IntegrationRecord | undefined>>()
})

it("Frappe's names are taken, the service by one of them", () => {
  app.integrations.log({
    service_name: 'a',
    is_remote_request: 1,
    integration_type: 'Subscription Notification',
    request_headers: { accept: '*/*' },
    reference_doctype: 'Order',
    reference_docname: null,
    name: 'k',
    status_code: 200,
    request_description: 'd',
    data: {},
    error: null,
  })
  app.integrations.log({ integration_request_service: 'a' })
  // @ts-expect-error no such name
  app.integrations.log({ service_name: 'a', reference_type: 'Order' })
})

it('errors are taken, and what was caught and is of no known type', async () => {
  try {
    await fetch('https://a.b')
  } catch (error) {
    app.integrations.logResponse(error, { reference_doctype: 'Order', reference_docname: 7 })
  }
  app.integrations.logResponse(new TypeError('x'), { service: 'a', status: 'Cancelled' })
  app.integrations.logResponse('the user left')
  // @ts-expect-error no response
  app.integrations.logResponse(42)
  // @ts-expect-error not awaited
  app.integrations.logResponse(fetch('https://a.b'))
})

it('responses of fetch, undici and axios are taken', () => {
  app.integrations.logResponse(new Response('x'))
  app.integrations.logResponse({ statusCode: 200, headers: {} }, { url: 'https://a.b', body: 'x' })
  app.integrations.logResponse({ status: 200, data: {}, headers: {}, config: {} })
  // @ts-expect-error no response
  app.integrations.logResponse({ status: 200 })
})

it('a route is a webhook by its option', () => {
  app.post('/a', { integration: { service: 'a', description: 'x' } }, (request) => {
    expectTypeOf(request.integration).toEqualTypeOf<IntegrationHandle>()
    request.integrations.log({ service: 'b' })
  })
  app.post('/b', { config: { integration: { service: 'a' } } }, () => 'ok')
  const reference = (request: FastifyRequest) => ({ type: 'Order', id: String(request.body) })
  app.post('/d', { integration: { service: 'a', reference, key: () => undefined } }, () => 'ok')
  const key = ({ body }: FastifyRequest<{ Body: { id: string } }>) => body.id
  app.post<{ Body: { id: string } }>('/f', { integration: { service: 'a', key } }, () => 'ok')
  // @ts-expect-error no reference
  app.post('/e', { integration: { service: 'a', reference: () => 'Order' } }, () => 'ok')
  // @ts-expect-error no such field
  app.post('/c', { integration: { service: 'a', descripton: 'x' } }, () => 'ok')
})

it('a service may have any name where the application has declared none as a type', () => {
  expectTypeOf(app.integrations.service).parameter(0).toEqualTypeOf<string>()
})

it('records of the store are typed by their kind, as far as the package is imported that writes it', async () => {
  const { items } = await app.scsStore.find('integration_requests')
  expectTypeOf(items[0]?.data.status).toEqualTypeOf<IntegrationRecord['status'] | undefined>()
  expectTypeOf(items[0]?.data.durationMs).toEqualTypeOf<number | null | undefined>()
  // @ts-expect-error no such field
  void items[0]?.data.statsu
  const event = await app.scsStore.get('audit_events', 'id')
  expectTypeOf(event?.data).toEqualTypeOf<StoredAuditEvent | undefined>()
  const [report] = (await app.scsStore.find('reports')).items
  expectTypeOf(report?.data).toEqualTypeOf<{ readonly [field: string]: JsonValue } | undefined>()
  const kind = 'reports' as RecordKind
  const [any] = (await app.scsStore.find(kind)).items
  expectTypeOf(any?.data).toEqualTypeOf<{ readonly [field: string]: JsonValue } | undefined>()
  // What is typed is still JSON, for code that takes any record.
  expectTypeOf(items[0]).toExtend<FoundRecord | undefined>()
})
