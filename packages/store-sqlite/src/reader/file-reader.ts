import {
  BucketCounter,
  type BucketQuery,
  type FoundRow,
  RECORD_KINDS,
  type RecordKind,
  type ResolvedFilter,
  type StoreSize,
  type TimeBucket,
} from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import { hasWords } from '../writer/word-index.js'
import { bucketQuery, findQuery, getQuery, type Query } from './query.js'

/** Reads the file; all calls are synchronous and belong in a worker thread. */
export class FileReader {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  find(kind: RecordKind, query: ResolvedFilter): readonly FoundRow[] {
    return this.#all(findQuery(kind, query, this.#hasWords(query))) as FoundRow[]
  }

  get(kind: RecordKind, id: string): FoundRow | undefined {
    const [row] = this.#all(getQuery(kind, id)) as FoundRow[]
    return row
  }

  buckets(kind: RecordKind, query: BucketQuery): readonly TimeBucket[] {
    const counter = new BucketCounter(query)
    const { sql, values } = bucketQuery(kind, query.from, query.to, query.service)
    for (const row of this.#connection.prepare(sql).iterate(...values)) {
      const { createdAt, status, durationMs } = row as CountedRow
      counter.add(createdAt, status, durationMs)
    }
    return counter.buckets()
  }

  size(): StoreSize {
    const counts = RECORD_KINDS.map((kind) => [kind, this.#count(kind)])
    const { pages } = this.#one('SELECT page_count AS pages FROM pragma_page_count')
    const { bytes } = this.#one('SELECT page_size AS bytes FROM pragma_page_size')
    return {
      records: Object.fromEntries(counts) as StoreSize['records'],
      deadLetters: this.#count('dead_letters'),
      bytes: (pages ?? 0) * (bytes ?? 0),
    }
  }

  /** Whether there is an index of words to search; checked each time, since the writer makes it, also in a new file. */
  #hasWords({ words }: ResolvedFilter): boolean {
    return words.length > 0 && hasWords(this.#connection)
  }

  #count(table: string): number {
    return this.#one(`SELECT count(*) AS rows FROM ${table}`).rows ?? 0
  }

  #one(sql: string): Record<string, number> {
    return this.#connection.prepare(sql).get() as Record<string, number>
  }

  #all({ sql, values }: Query): unknown[] {
    return this.#connection.prepare(sql).all(...values)
  }
}

interface CountedRow {
  readonly createdAt: number
  readonly status: string | null
  readonly durationMs: number | null
}
