import {
  BucketCounter,
  type BucketQuery,
  type RecordKind,
  type TimeBucket,
} from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import { bucketQuery } from './tally-query.js'

/** Counts records by time. */
export class BucketReader {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  read(kind: RecordKind, query: BucketQuery): readonly TimeBucket[] {
    const counter = new BucketCounter(query)
    const { sql, values } = bucketQuery(kind, query)
    for (const row of this.#connection.prepare(sql).iterate(...values)) {
      const { createdAt, value, durationMs } = row as CountedRow
      counter.add(createdAt, value === null ? null : String(value), durationMs)
    }
    return counter.buckets()
  }
}

interface CountedRow {
  readonly createdAt: number
  readonly value: string | number | null
  readonly durationMs: number | null
}
