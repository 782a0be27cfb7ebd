import { type RecordFilter, spanMs } from '../lists/record-filter.js'
import { stepFor, type TimeSpan } from './latency-grid.js'

const DAY_MS = 86_400_000
/** The longest that the API tells of at once. */
const MAX_SPAN_MS = 31 * DAY_MS

/** The time that routes are shown of: that of the filter, else the last day; in whole steps, 31 days at most. */
export function routeSpan({ last, from, to }: RecordFilter, nowMs: number): TimeSpan {
  const until = Math.min(timeOf(to) ?? nowMs, nowMs)
  const start = timeOf(from) ?? until - (last === undefined ? DAY_MS : spanMs(last))
  const length = Math.min(Math.max(until - start, 60_000), MAX_SPAN_MS)
  const bucketMs = stepFor(length)
  const toMs = Math.ceil(until / bucketMs) * bucketMs
  const steps = Math.min(Math.ceil(length / bucketMs), Math.floor(MAX_SPAN_MS / bucketMs))
  return { fromMs: toMs - steps * bucketMs, toMs, bucketMs }
}

function timeOf(time: string | undefined): number | undefined {
  if (time === undefined) return undefined
  const at = /^\d+$/.test(time) ? Number(time) : Date.parse(time)
  return Number.isNaN(at) ? undefined : at
}
