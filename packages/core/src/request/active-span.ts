import type { FastifyRequest } from 'fastify'

/** A span of a distributed trace. */
export interface ActiveSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
}

/**
 * Finds the active span of OpenTelemetry; undefined without one. A report about a request may be made outside of the request's
 * asynchronous context, by a timer or a job: with the request, a span of another trace does not count, and the request's own does.
 */
export type SpanFinder = (request?: FastifyRequest) => ActiveSpan | undefined

/** What is read of `request.opentelemetry()`, which is the documented interface of @fastify/otel. */
interface TracedRequest {
  readonly opentelemetry?: () => { readonly span?: { spanContext(): ActiveSpan } | null }
}

/** Makes the finder that all plugins use; without @opentelemetry/api there is never an active span. */
export async function createSpanFinder(): Promise<SpanFinder> {
  const findActive = await createActiveSpanFinder()
  return (request) => {
    const active = findActive()
    const own = request === undefined ? undefined : spanOfRequest(request)
    return own === undefined || own.traceId === active?.traceId ? active : own
  }
}

async function createActiveSpanFinder(): Promise<() => ActiveSpan | undefined> {
  try {
    const { isSpanContextValid, trace } = await import('@opentelemetry/api')
    return () => {
      const span = trace.getActiveSpan()?.spanContext()
      return span !== undefined && isSpanContextValid(span) ? idsOf(span) : undefined
    }
  } catch {
    // The package is an optional peer: not installed.
    return () => undefined
  }
}

/** The span that @fastify/otel has begun for a request. */
function spanOfRequest(request: FastifyRequest): ActiveSpan | undefined {
  const { opentelemetry } = request as FastifyRequest & TracedRequest
  if (typeof opentelemetry !== 'function') return undefined
  try {
    const span = opentelemetry.call(request).span?.spanContext()
    // A tracer without a provider makes spans of zeros.
    return span === undefined || /^0*$/.test(span.traceId) ? undefined : idsOf(span)
  } catch {
    // What a foreign decorator throws must not lose a report.
    return undefined
  }
}

function idsOf({ traceId, spanId }: ActiveSpan): ActiveSpan {
  return { traceId, spanId }
}
