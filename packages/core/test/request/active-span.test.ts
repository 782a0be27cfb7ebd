import { type Context, context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api'
import type { FastifyRequest } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { createSpanFinder } from '../../src/kit.js'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'

/** Makes a context the active one, everywhere. */
function activate(active: Context): void {
  context.setGlobalContextManager({
    active: () => active,
    with: (_context, fn, thisArg, ...args) => fn.apply(thisArg as never, args),
    bind: (_context, target) => target,
    enable() {
      return this
    },
    disable() {
      return this
    },
  })
}

afterEach(() => context.disable())

it('the active span of OpenTelemetry is found', async () => {
  const findSpan = await createSpanFinder()
  const span = trace.wrapSpanContext({ traceId, spanId, traceFlags: TraceFlags.SAMPLED })
  activate(trace.setSpan(ROOT_CONTEXT, span))
  expect(findSpan()).toEqual({ traceId, spanId })
})

it('no span, and one whose ids are not valid, are no span', async () => {
  const findSpan = await createSpanFinder()
  expect(findSpan()).toBeUndefined()
  const invalid = { traceId: '0'.repeat(32), spanId, traceFlags: TraceFlags.NONE }
  activate(trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(invalid)))
  expect(findSpan()).toBeUndefined()
})

describe('a request that @fastify/otel follows', () => {
  const own = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
  const followed = (opentelemetry: unknown) => ({ opentelemetry }) as unknown as FastifyRequest
  const spanned = (ids: object) => followed(() => ({ span: { spanContext: () => ids } }))
  const active = (ids: typeof own) =>
    activate(
      trace.setSpan(
        ROOT_CONTEXT,
        trace.wrapSpanContext({ ...ids, traceFlags: TraceFlags.SAMPLED }),
      ),
    )

  it('has its own span outside of its context, and where a span of another trace is active', async () => {
    const findSpan = await createSpanFinder()
    expect(findSpan(spanned(own))).toEqual(own)
    active({ traceId, spanId })
    expect(findSpan(spanned(own))).toEqual(own)
  })

  it('has the active span where that is one of the same trace', async () => {
    const findSpan = await createSpanFinder()
    active({ traceId: own.traceId, spanId })
    expect(findSpan(spanned(own))).toEqual({ traceId: own.traceId, spanId })
  })

  it('has the active span where it is not followed, or cannot be asked', async () => {
    const findSpan = await createSpanFinder()
    active({ traceId, spanId })
    const refuse = () => {
      throw new Error('not now')
    }
    const invalid = { traceId: '0'.repeat(32), spanId: '0'.repeat(16) }
    for (const request of [
      followed(undefined),
      followed('text'),
      followed(() => ({ span: null })),
      followed(refuse),
      spanned(invalid),
    ])
      expect(findSpan(request)).toEqual({ traceId, spanId })
  })
})
