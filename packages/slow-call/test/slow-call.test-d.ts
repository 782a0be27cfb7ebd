import type { MetricsAuthorizer, RouteSlowCall, SlowCallReport } from '@fastify-scs/slow-call'
import slowCall from '@fastify-scs/slow-call'
import Fastify from 'fastify'
import { expectTypeOf, it } from 'vitest'

it('options, routes and the app are typed', () => {
  const app = Fastify()
  app.register(slowCall, {
    maxMs: 5,
    onSlowCall: (report) => expectTypeOf(report).toEqualTypeOf<SlowCallReport>(),
  })
  // @ts-expect-error seconds are no number
  app.register(slowCall, { maxMs: '5s' })
  app.get('/', { slowCall: { maxMs: 5 }, config: { slowCall: false } }, () => 'ok')
  // @ts-expect-error true says nothing
  app.get('/', { slowCall: true }, () => 'ok')
  expectTypeOf(app.slowCall.maxMs).toBeNumber()
  expectTypeOf(app.slowCall.forPrefix).parameters.toEqualTypeOf<[string, RouteSlowCall]>()
})

it('the metrics are typed', () => {
  const app = Fastify()
  const authorize: MetricsAuthorizer = async (request) => request.ip === '127.0.0.1'
  app.register(slowCall, { metrics: true })
  app.register(slowCall, { metrics: { path: '/internal/metrics', authorize } })
  // @ts-expect-error a path alone is no option
  app.register(slowCall, { metrics: '/metrics' })
  // @ts-expect-error who may read them is a yes or a no
  app.register(slowCall, { metrics: { authorize: () => 'me' } })
  expectTypeOf(app.slowCall.metrics()).toBeString()
})
