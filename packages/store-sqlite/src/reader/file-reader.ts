import {
  BucketCounter,
  type BucketQuery,
  checkKind,
  type FoundRecord,
  type FoundRow,
  fromRow,
  RECORD_KINDS,
  type RecordFilter,
  type RecordKind,
  type RecordPage,
  type ResolvedFilter,
  resolveFilter,
  type StoreSize,
  type TimeBucket,
  writeCursor,
} from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import { hasWords, WORDS_KIND } from '../writer/word-index.js'
import { bucketQuery, findQuery, getQuery, type Query } from './query.js'

/** Reads the file; all calls are synchronous and belong into a thread of their own. */
export class FileReader {
  readonly #connection: Connection
  readonly #searchBodies: boolean

  constructor(connection: Connection, searchBodies = false) {
    this.#connection = connection
    this.#searchBodies = searchBodies
  }

  /** @throws FilterError */
  find(kind: RecordKind, filter: RecordFilter): RecordPage {
    const resolved = resolveFilter(filter)
    const query = findQuery(checkKind(kind), resolved, this.#hasWords(kind, resolved))
    const rows = this.#all(query) as FoundRow[]
    const page = rows.slice(0, resolved.limit)
    const items = page.map((row) => fromRow(kind, { ...row }))
    const last = page.at(-1)
    const isLast = last === undefined || rows.length <= resolved.limit
    return isLast ? { items } : { items, nextCursor: writeCursor(last) }
  }

  get(kind: RecordKind, id: string): FoundRecord | undefined {
    const [row] = this.#all(getQuery(checkKind(kind), id)) as FoundRow[]
    return row === undefined ? undefined : fromRow(kind, { ...row })
  }

  /** @throws FilterError */
  buckets(kind: RecordKind, query: BucketQuery): readonly TimeBucket[] {
    const counter = new BucketCounter(query)
    const { sql, values } = bucketQuery(checkKind(kind), query.from, query.to, query.service)
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

  /** Looked at for each text: the writer makes the index, and again in another file. */
  #hasWords(kind: RecordKind, { words }: ResolvedFilter): boolean {
    const isAsked = this.#searchBodies && kind === WORDS_KIND && words.length > 0
    return isAsked && hasWords(this.#connection)
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
