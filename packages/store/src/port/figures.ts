// Counts and sums of records.
import type { DurationBucket, RecordFilter } from '@fastify-scs/core/kit/plain'
import type { ResolvedFilter } from '../read/filter.js'

/** The records of one kind in one span of time; a span without records is left out. */
export interface TimeBucket {
  /** Start of the bucket, in milliseconds since 1970. */
  readonly at: number
  readonly count: number
  /**
   * Counts by the query's field; without one by the record's status, or its level where it has no status. Records that have none are
   * only in `count`.
   */
  readonly byStatus: { readonly [status: string]: number }
  /** Percentiles of `durationMs`, absent when no record of the bucket has one. */
  readonly durationMs?: {
    readonly p50: number
    readonly p95: number
    readonly p99: number
    readonly max: number
  }
}

/** Which buckets to count. */
export interface BucketQuery {
  /** Milliseconds since 1970, included. */
  readonly from: number
  /** Milliseconds since 1970, not included. */
  readonly to: number
  /** Width of a bucket in milliseconds, counted from `from`; at most 1,000 buckets are made. */
  readonly bucketMs: number
  readonly service?: string
  readonly status?: string
  readonly fingerprint?: string
  readonly route?: string
  /** What `byStatus` counts by. @default the status, or the level where there is no status */
  readonly by?: TallyField
}

/** What records can be counted by; `type` is the type of an audit event. */
export const TALLY_FIELDS = [
  'service',
  'route',
  'status',
  'statusCode',
  'fingerprint',
  'user',
  'type',
  'level',
  'release',
] as const

/** A field that records can be counted by. */
export type TallyField = (typeof TALLY_FIELDS)[number]

/** Counts the records of a kind by one field. */
export interface TallyQuery {
  readonly by: TallyField
  /** As in a filter; the span is 31 days at most. */
  readonly from: Date | string | number
  /** @default now */
  readonly to?: Date | string | number
  /** Values that are returned, those with the most records first; 1 to 100. @default 10 */
  readonly limit?: number
  /** Only records that match; it has no `from`, `to`, `text`, `cursor` and `limit`. */
  readonly where?: Omit<RecordFilter, 'from' | 'to' | 'text' | 'cursor' | 'limit'>
}

/** A query for `tally` that is checked. */
export interface ResolvedTally {
  /** Never `type`: that is the fingerprint of an audit event. */
  readonly by: Exclude<TallyField, 'type'>
  /** With `from` and `to`, without `text` and `after`. */
  readonly filter: ResolvedFilter
  readonly limit: number
}

/** How many records have a value. */
export interface TallyItem {
  /** A text also where it is a status code. */
  readonly value: string
  readonly count: number
  /** When the newest of them was made, in milliseconds since 1970. */
  readonly lastAt: number
}

/** The values with the most records. */
export interface Tally {
  /** Most records first, then by value. */
  readonly items: readonly TallyItem[]
  /** Records that have a value, those of values that are not returned too. */
  readonly total: number
}

/** Which calls of routes to sum up. */
export interface RouteStatsQuery {
  /** Milliseconds since 1970, included. */
  readonly from: number
  /** Milliseconds since 1970, not included; 31 days after `from` at most. */
  readonly to: number
  /** Only this route: `GET /orders/:id`. */
  readonly route?: string
  readonly service?: string
  /** Width of the spans of `over`, in milliseconds, from a minute; at most 1,000 spans. @default none */
  readonly bucketMs?: number
  /** What the routes are ordered by, the highest first. @default 'p95' */
  readonly order?: 'calls' | 'p95' | 'failed' | 'slow'
  /** Routes that are returned; 1 to 200. @default 50 */
  readonly limit?: number
}

/** Calls that were summed up. */
export interface CallFigures {
  readonly calls: number
  readonly failed: number
  readonly slow: number
  readonly stuck: number
  readonly aborted: number
  readonly meanMs: number
  readonly minMs: number
  readonly maxMs: number
  /** Upper bounds, at most an eighth too high. */
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Cumulative. */
  readonly buckets: readonly DurationBucket[]
}

/** The calls of one route. */
export interface RouteFigures extends CallFigures {
  /** `GET /orders/:id`. */
  readonly route: string
  /** By time, oldest first; empty where the query has no `bucketMs`. */
  readonly over: readonly (CallFigures & { readonly at: number })[]
}
