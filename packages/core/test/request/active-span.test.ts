import { type Context, context, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api'
import { afterEach, expect, it } from 'vitest'
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
