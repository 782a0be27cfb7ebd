/** Where a piece of work is in a distributed trace. */
export interface ActiveSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
}

/** Finds the active span of OpenTelemetry; undefined without one. */
export type SpanFinder = () => ActiveSpan | undefined

/** Makes the finder that all plugins use; without @opentelemetry/api there is never a span. */
export async function createSpanFinder(): Promise<SpanFinder> {
  try {
    const { isSpanContextValid, trace } = await import('@opentelemetry/api')
    return () => {
      const span = trace.getActiveSpan()?.spanContext()
      if (span === undefined || !isSpanContextValid(span)) return undefined
      return { traceId: span.traceId, spanId: span.spanId }
    }
  } catch {
    // The package is an optional peer: not installed.
    return () => undefined
  }
}
