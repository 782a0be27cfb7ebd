// What a report says of the facts that other plugins know of a request.

import type { JsonValue } from '@fastify-scs/core'
import { fieldAt, listAt, numberAt, shortened } from '@fastify-scs/core/kit'

/** The outbound calls made within a call. */
export interface OutboundFigures {
  /** As the plugin that records them describes them. */
  readonly calls: JsonValue[]
  /** Milliseconds during which at least one was running; the sum of their durations where their start times are not known. */
  readonly totalMs: number
  /** Share of the call's duration, 0 to 1. */
  readonly share: number
}

type Span = readonly [startMs: number, endMs: number]

/**
 * Reads the request fact `outbound_calls`: a list of objects with `durationMs` and, so that concurrent calls are not counted
 * twice, `createdAt` (ISO 8601). Null when no plugin gives it.
 */
export function outboundFigures(
  fact: JsonValue | undefined,
  durationMs: number,
): OutboundFigures | null {
  if (!Array.isArray(fact)) return null
  const durations = fact.map((call) => numberAt(call, 'durationMs') ?? 0)
  const spans = fact.map((call, index): Span => {
    const start = Date.parse(String(fieldAt(call, 'createdAt')))
    return [start, start + (durations[index] ?? 0)]
  })
  const isPlaced = spans.every(([start]) => !Number.isNaN(start))
  const totalMs = isPlaced ? unionMs(spans) : durations.reduce((sum, each) => sum + each, 0)
  const share = durationMs > 0 ? Math.min(1, totalMs / durationMs) : 0
  return { calls: fact, totalMs, share }
}

/** The queries of a call. */
export interface QueryFigures {
  readonly count: number
  /** Milliseconds during which at least one was running. */
  readonly totalMs: number
  /** Share of the call's duration, 0 to 1. */
  readonly share: number
  /** The statements that were run again and again: `12 times SELECT ... WHERE order_id = ?, 84 ms`. */
  readonly repeated: readonly string[]
}

/** Characters of a repeated statement that are shown. */
const MAX_STATEMENT_CHARS = 300
/** Repeated statements that are shown: those that took longest. */
const MAX_REPEATED = 5

/** Reads the request fact `queries`, whose `durationMs` counts queries side by side once. Null without it, or where it has none. */
export function queryFigures(fact: JsonValue | undefined, durationMs: number): QueryFigures | null {
  if (fact === undefined) return null
  const count = numberAt(fact, 'count') ?? 0
  if (count === 0) return null
  const totalMs = numberAt(fact, 'durationMs') ?? 0
  const share = durationMs > 0 ? Math.min(1, totalMs / durationMs) : 0
  return { count, totalMs, share, repeated: repeatedTexts(listAt(fact, 'statements')) }
}

function repeatedTexts(statements: readonly unknown[]): string[] {
  return statements
    .filter((statement) => fieldAt(statement, 'isRepeated') === true)
    .map((statement) => ({ statement, durationMs: numberAt(statement, 'durationMs') ?? 0 }))
    .sort((a, b) => b.durationMs - a.durationMs)
    .slice(0, MAX_REPEATED)
    .map(({ statement, durationMs }) => {
      const text = shortened(String(fieldAt(statement, 'text')), MAX_STATEMENT_CHARS)
      return `${numberAt(statement, 'times') ?? 0} times ${text}, ${Math.round(durationMs)} ms`
    })
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
