const TRACEPARENT: RegExp =
  /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-|$)/

/**
 * The trace id in a header `traceparent`; null where it has none.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function traceIdOf(traceparent: unknown): string | null {
  if (typeof traceparent !== 'string') return null
  return TRACEPARENT.exec(traceparent)?.[1] ?? null
}
