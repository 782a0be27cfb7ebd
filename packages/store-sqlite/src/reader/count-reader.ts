import {
  BucketCounter,
  type BucketQuery,
  type RecordKind,
  type ResolvedTally,
  type Tally,
  type TallyItem,
  type TimeBucket,
} from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import { bucketQuery, tallyQuery } from './tally-query.js'

/** Counts and sums up records. */
export class CountReader {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  buckets(kind: RecordKind, query: BucketQuery): readonly TimeBucket[] {
    const counter = new BucketCounter(query)
    const { sql, values } = bucketQuery(kind, query)
    for (const row of this.#connection.prepare(sql).iterate(...values)) {
      const { createdAt, value, durationMs } = row as CountedRow
      counter.add(createdAt, value === null ? null : String(value), durationMs)
    }
    return counter.buckets()
  }

  tally(kind: RecordKind, query: ResolvedTally): Tally {
    const { sql, values } = tallyQuery(kind, query)
    const items: TallyItem[] = []
    let total = 0
    for (const row of this.#connection.prepare(sql).iterate(...values)) {
      const { value, count, lastAt } = row as TallyItem
      total += count
      items.push({ value: String(value), count, lastAt })
    }
    items.sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
    return { items: items.slice(0, query.limit), total }
  }
}

interface CountedRow {
  readonly createdAt: number
  readonly value: string | number | null
  readonly durationMs: number | null
}
