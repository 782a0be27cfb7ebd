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

/** What comes first of entries with the same time. */
const ORDER: readonly TimelineWhat[] = [
  'arrival',
  'phase',
  'audit',
  'call',
  'query',
  'log',
  'slow',
  'stuck',
  'blocked',
  'report',
  'crash',
  'answer',
]

/** Compares entries for `sort`: by their times, and those of one time in the order in which such things happen. */
export function byTime(one: RequestTimelineEntry, other: RequestTimelineEntry): number {
  return one.at - other.at || ORDER.indexOf(one.what) - ORDER.indexOf(other.what)
}
