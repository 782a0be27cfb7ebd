import type { SpanQuery } from '../api/model.js'
import { BadRequestError } from '../api/refusals.js'
import { timeOf } from './record-filter.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MAX_SPAN_MS = 31 * DAY_MS
/** Points of a chart at most; 61, so that a span a little longer than 60 pieces has these pieces still. */
const CHART_POINTS = 61
/** Points of a sparkline at most. */
const SPARK_POINTS = 31

/** Widths of a chart's spans that read well, in milliseconds. */
const WIDTHS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR_MS),
]

/** Milliseconds since 1970. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

/** Reads a span, of 31 days at most. @throws BadRequestError */
export function spanOf(query: SpanQuery): TimeSpan {
  const to = query.to === undefined ? Date.now() : timeOf('to', query.to)
  const from = query.from === undefined ? to - DAY_MS : timeOf('from', query.from)
  if (from >= to) throw new BadRequestError('from must be before to')
  if (to - from > MAX_SPAN_MS)
    throw new BadRequestError('The span of time may be 31 days long at most')
  return { from, to }
}

/** The span in whole pieces for a chart. */
export function chartSpan(span: TimeSpan): TimeSpan & { readonly bucketMs: number } {
  return piecesOf(span, 0)
}

/** The span in whole pieces for the chart of a group, whose occurrences are counted by the hour. */
export function groupSpan(span: TimeSpan): TimeSpan & { readonly bucketMs: number } {
  return piecesOf(span, HOUR_MS)
}

/** The span in pieces of whole hours for a sparkline. */
export function sparkSpan({ from, to }: TimeSpan): TimeSpan & { readonly bucketMs: number } {
  const first = Math.floor(from / HOUR_MS) * HOUR_MS
  const hours = Math.max(1, Math.ceil((to - first) / HOUR_MS))
  return { from: first, to, bucketMs: Math.ceil(hours / SPARK_POINTS) * HOUR_MS }
}

function piecesOf({ from, to }: TimeSpan, leastMs: number) {
  const least = Math.max(leastMs, (to - from) / CHART_POINTS)
  const bucketMs = WIDTHS.find((width) => width >= least) ?? DAY_MS
  return { from: Math.floor(from / bucketMs) * bucketMs, to, bucketMs }
}
