import scsPlugin, {
  type AbortOptions,
  abort,
  addErrors,
  type DefinedError,
  defineError,
  type Failure,
  type LevelNames,
  type RequestTimelineEntry,
  type ScsLoggerOptions,
  type ScsOptions,
  ServiceError,
  scsLogger,
} from '@fastify-scs/core'
import Fastify, { type FastifyServerOptions } from 'fastify'
import { expectTypeOf, it } from 'vitest'

const app = Fastify()

it('the plugin takes its options and no others', () => {
  app.register(scsPlugin, { source: 'x', errorFormat: (error) => ({ id: error.id }) })
  // @ts-expect-error no such option
  app.register(scsPlugin, { sorce: 'x' })
  expectTypeOf<NonNullable<ScsOptions['errorDecorator']>>().parameter(1).toEqualTypeOf<Failure>()
})

it('app.scs and request.addAuditEvent are there once core is imported', () => {
  expectTypeOf(app.scs.registerError).returns.toEqualTypeOf<DefinedError>()
  app.get('/', (request) => request.addAuditEvent('x', { a: 1 }))
})

it('a request tells its time line', () => {
  app.get('/timeline', (request) => {
    const [first] = request.timeline()
    expectTypeOf(first).toEqualTypeOf<RequestTimelineEntry | undefined>()
    expectTypeOf<RequestTimelineEntry>().toHaveProperty('durationMs').toEqualTypeOf<number | null>()
    // @ts-expect-error entries are not the caller's to change
    if (first !== undefined) first.at = 0
    return request.timeline()
  })
  app.register(scsPlugin, { breadcrumbs: false })
  // @ts-expect-error either it is on or off
  app.register(scsPlugin, { breadcrumbs: 20 })
})

it('abort never returns, so the code behind it needs no return', () => {
  const find = (id: string): number => {
    if (id === '1') return 1
    abort(404)
  }
  expectTypeOf(find).returns.toBeNumber()
})

it('a route declares defined errors, error classes and ids', () => {
  const limited = defineError({ code: 429, id: 'limited', message: 'x' })
  app.get('/', { throws: [limited, ServiceError, 'some-id'] }, () => 'ok')
  // @ts-expect-error a status code is no error
  app.get('/', { throws: [429] }, () => 'ok')
})

it('addErrors gives classes by the names in the batch', () => {
  const made = addErrors([{ name: 'NotPaid', code: 'NOT_PAID', status: 402 }])
  expectTypeOf(new made.NotPaid('x')).toExtend<ServiceError>()
  // @ts-expect-error no such name in the batch
  void made.Other
})

it('ServiceError.from waits for a Response only', () => {
  expectTypeOf(ServiceError.from(new Response())).toEqualTypeOf<Promise<ServiceError>>()
  expectTypeOf(ServiceError.from({ error: 'X', status: 404 })).toEqualTypeOf<ServiceError>()
  expectTypeOf(ServiceError.from(JSON.parse('{}'))).toEqualTypeOf<ServiceError>()
  expectTypeOf(ServiceError.from('x' as unknown)).toEqualTypeOf<ServiceError>()
})

it('a route may switch returned errors off', () => {
  app.get('/', { config: { returnedErrors: false } }, () => 'ok')
  // @ts-expect-error true or false
  app.get('/', { config: { returnedErrors: 1 } }, () => 'ok')
})

it('what scsLogger returns is what Fastify takes', () => {
  const options: FastifyServerOptions = { logger: scsLogger({ source: 'x' }) }
  Fastify(options)
})

it('abort takes an id, also where Flask has it, and level names are of two sets', () => {
  expectTypeOf(abort).parameter(1).toEqualTypeOf<AbortOptions | undefined>()
  const stop = (): never => abort(404, { description: { id: 'order-missing', details: {} } })
  expectTypeOf(stop).returns.toBeNever()
  // @ts-expect-error a text is no id
  const text = (): never => abort(404, { description: 'order-missing' })
  // @ts-expect-error misspelt
  const misspelt = (): never => abort(404, { detials: 1 })
  expectTypeOf([text, misspelt]).toBeArray()
  expectTypeOf<ScsLoggerOptions['levelNames']>().toEqualTypeOf<LevelNames | undefined>()
})
