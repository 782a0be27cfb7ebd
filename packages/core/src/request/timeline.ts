import type { JsonValue } from '../json/json-value.js'

/** What an entry of a time line is about. */
export type TimelineWhat =
  | 'arrival'
  | 'phase'
  | 'audit'
  | 'call'
  | 'query'
  | 'log'
  | 'slow'
  | 'stuck'
  | 'blocked'
  | 'report'
  | 'crash'
  | 'answer'

/** One thing that happened within a request. */
export interface RequestTimelineEntry {
  /** When it began, in milliseconds since 1970, with fractions. */
  readonly at: number
  readonly what: TimelineWhat
  readonly title: string
  /** Null where it takes no time, or goes on. */
  readonly durationMs: number | null
  readonly isFailed: boolean
  /** Of a query whose statement the request has run again and again (N+1): how many times; null for anything else. */
  readonly times: number | null
}

/** The entries that the facts of a request tell of, in order of time. What is not of the shape that it should have is left out. */
export function entriesOfFacts(
  _facts: Readonly<Record<string, JsonValue>>,
): RequestTimelineEntry[] {
  return []
}
