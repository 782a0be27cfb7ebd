import type { RouteSlowCall, SlowCallReport } from '@fastify-scs/slow-call'
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
