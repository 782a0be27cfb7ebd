import {
  BucketCounter,
  type BucketQuery,
  type RecordKind,
  type TimeBucket,
} from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import { bucketFilter, bucketQuery, countQuery } from './bucket-query.js'
import { chooseCounting } from './choose-way.js'
import type { Way } from './conditions.js'

type Value = string | number | null

interface FoundRow {
  readonly createdAt: number
  readonly value: Value
  readonly durationMs: number | null
}

interface CountedValue {
  readonly value: Value
  readonly count: number
}

/** Counts records by time. */
export class BucketReader {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  read(kind: RecordKind, query: BucketQuery): readonly TimeBucket[] {
    const way = chooseCounting(this.#connection, kind, bucketFilter(query), query.by)
    return query.percentiles === false
      ? this.#count(kind, query, way)
      : this.#readAll(kind, query, way)
  }

  #readAll(kind: RecordKind, query: BucketQuery, way: Way): readonly TimeBucket[] {
    const counter = new BucketCounter(query)
    const { sql, values } = bucketQuery(kind, query, way)
    for (const row of this.#connection.prepare(sql).iterate(...values)) {
      const { createdAt, value, durationMs } = row as FoundRow
      counter.add(createdAt, textOf(value), durationMs)
    }
    return counter.buckets()
  }

  /** In a statement for each bucket: to group by the bucket as well, SQLite would sort the records of all of them. */
  #count(kind: RecordKind, query: BucketQuery, way: Way): readonly TimeBucket[] {
    const { from, to, bucketMs } = query
    const counter = new BucketCounter(query)
    const statement = this.#connection.prepare(countQuery(kind, query, way).sql)
    // In one snapshot, as if it were one statement.
    this.#connection.exec('BEGIN')
    try {
      for (let number = 0; from + number * bucketMs < to; number++) {
        const begin = from + number * bucketMs
        const bucket = { ...query, from: begin, to: Math.min(begin + bucketMs, to) }
        const { values } = countQuery(kind, bucket, way)
        for (const row of statement.all(...values)) {
          const { value, count } = row as CountedValue
          counter.addCounted(number, textOf(value), count)
        }
      }
    } finally {
      this.#connection.exec('COMMIT')
    }
    return counter.buckets()
  }
}

function textOf(value: Value): string | null {
  return value === null ? null : String(value)
}
