import type { JsonValue } from '@fastify-scs/core'

/** The outbound calls made within a call. */
export interface OutboundFigures {
  /** As the plugin that logs them tells them. */
  readonly calls: JsonValue[]
  /** Milliseconds during which at least one was running; their sum where their beginnings are not known. */
  readonly totalMs: number
  /** Share of the call's duration, 0 to 1. */
  readonly share: number
}

type Span = readonly [startMs: number, endMs: number]

/**
 * Reads the fact `outbound_calls`: a list of objects with `durationMs` and, so that calls side by side are not counted
 * twice, `createdAt` (ISO 8601). Null when nobody tells.
 */
export function outboundFigures(
  fact: JsonValue | undefined,
  durationMs: number,
): OutboundFigures | null {
  if (!Array.isArray(fact)) return null
  const durations = fact.map((call) => numberAt(call, 'durationMs'))
  const spans = fact.map((call, index): Span => {
    const start = Date.parse(String(fieldAt(call, 'createdAt')))
    return [start, start + (durations[index] ?? 0)]
  })
  const isPlaced = spans.every(([start]) => !Number.isNaN(start))
  const totalMs = isPlaced ? unionMs(spans) : durations.reduce((sum, each) => sum + each, 0)
  const share = durationMs > 0 ? Math.min(1, totalMs / durationMs) : 0
  return { calls: fact, totalMs, share }
}

function unionMs(spans: readonly Span[]): number {
  let total = 0
  let coveredTo = Number.NEGATIVE_INFINITY
  for (const [start, end] of [...spans].sort(([a], [b]) => a - b)) {
    if (end <= coveredTo) continue
    total += end - Math.max(start, coveredTo)
    coveredTo = end
  }
  return total
}

function fieldAt(value: JsonValue, key: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? value[key]
    : undefined
}

function numberAt(value: JsonValue, key: string): number {
  const field = fieldAt(value, key)
  return typeof field === 'number' && Number.isFinite(field) ? field : 0
}
