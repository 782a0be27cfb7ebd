import type {
  IntegrationHandle,
  IntegrationPage,
  IntegrationRecord,
} from '@fastify-scs/integration-log'
import integrationLog from '@fastify-scs/integration-log'
import Fastify from 'fastify'
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
  // @ts-expect-error a service is needed
  app.integrations.log({ url: 'x' })
  expectTypeOf(app.integrations.find).returns.toEqualTypeOf<Promise<IntegrationPage>>()
  expectTypeOf(app.integrations.get).returns.toEqualTypeOf<Promise<IntegrationRecord | undefined>>()
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
  // @ts-expect-error no such field
  app.post('/c', { integration: { service: 'a', descripton: 'x' } }, () => 'ok')
})

it('a service may have any name where the application has declared none as a type', () => {
  expectTypeOf(app.integrations.service).parameter(0).toEqualTypeOf<string>()
})
