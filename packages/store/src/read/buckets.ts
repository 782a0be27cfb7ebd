import { show } from '@fastify-scs/core/kit/plain'
import { FilterError } from '../errors.js'
import type { BucketQuery, TimeBucket } from '../port.js'
import { checkFields, storableOf } from './filter.js'
import { checkTallyField } from './tally.js'

/** Buckets of one query at most. */
export const MAX_BUCKETS = 1_000

interface Bucket {
  count: number
  readonly byStatus: Map<string, number>
  readonly durations: number[]
}

/** The fields that records of buckets may be asked to have. */
const KEYS = ['service', 'status', 'fingerprint', 'route'] as const
const FIELDS: ReadonlySet<string> = new Set([
  ...KEYS,
  'from',
  'to',
  'bucketMs',
  'by',
  'percentiles',
])

/**
 * Checks a query for buckets, and makes its texts such as they are stored.
 *
 * @throws FilterError
 */
export function resolveBucketQuery(query: BucketQuery): BucketQuery {
  checkFields(query, FIELDS)
  const { from, to, bucketMs, by, percentiles = true } = query
  if (!Number.isFinite(from)) throw new FilterError('from', 'milliseconds since 1970', show(from))
  if (!Number.isFinite(to) || to < from) throw new FilterError('to', 'a time after from', show(to))
  const isWidth = Number.isInteger(bucketMs) && bucketMs >= 1
  if (!isWidth || (to - from) / bucketMs > MAX_BUCKETS) {
    const expected = `a whole number of milliseconds that makes at most ${MAX_BUCKETS} buckets`
    throw new FilterError('bucketMs', expected, show(bucketMs))
  }
  if (by !== undefined) checkTallyField(by)
  if (typeof percentiles !== 'boolean')
    throw new FilterError('percentiles', 'true or false', show(percentiles))
  const keys = KEYS.flatMap((key) => {
    const text = storableOf(key, query[key])
    return text === undefined ? [] : [[key, text] as const]
  })
  const counted = by === undefined ? {} : { by }
  return { from, to, bucketMs, percentiles, ...counted, ...Object.fromEntries(keys) }
}

/** Counts rows into buckets, for databases that cannot calculate percentiles. */
export class BucketCounter {
  readonly #query: BucketQuery
  readonly #buckets = new Map<number, Bucket>()

  constructor(query: BucketQuery) {
    this.#query = query
  }

  /** Counts one row within the time of the query; `value` is what the query counts by, without that the row's status, or its level. */
  add(createdAt: number, value: string | null, durationMs: number | null): void {
    const { from, bucketMs, percentiles } = this.#query
    const bucket = this.#count(Math.floor((createdAt - from) / bucketMs), value, 1)
    if (durationMs !== null && percentiles !== false) bucket.durations.push(durationMs)
  }

  /** Adds records that a database has counted: of the bucket with a number, the first one's is 0, and of a value. */
  addCounted(number: number, value: string | null, count: number): void {
    this.#count(number, value, count)
  }

  /** The buckets that have records, oldest first. */
  buckets(): readonly TimeBucket[] {
    const ordered = [...this.#buckets].sort(([one], [other]) => one - other)
    return ordered.map(([at, { count, byStatus, durations }]) => {
      const durationMs = percentiles(durations)
      const counts = { at, count, byStatus: Object.fromEntries(byStatus) }
      return durationMs === undefined ? counts : { ...counts, durationMs }
    })
  }

  #count(number: number, value: string | null, count: number): Bucket {
    const { from, bucketMs } = this.#query
    const bucket = this.#bucket(from + number * bucketMs)
    bucket.count += count
    if (value !== null) bucket.byStatus.set(value, (bucket.byStatus.get(value) ?? 0) + count)
    return bucket
  }

  #bucket(at: number): Bucket {
    const known = this.#buckets.get(at)
    if (known !== undefined) return known
    const made: Bucket = { count: 0, byStatus: new Map(), durations: [] }
    this.#buckets.set(at, made)
    return made
  }
}

/** Nearest-rank percentiles, as PostgreSQL's percentile_disc calculates them. */
function percentiles(durations: readonly number[]): TimeBucket['durationMs'] {
  const sorted = Float64Array.from(durations).sort()
  if (sorted.length === 0) return undefined
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
