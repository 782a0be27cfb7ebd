import {
  type FoundRow,
  RECORD_KINDS,
  type RecordKind,
  type ResolvedFilter,
  type StoreSize,
} from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import type { ReaderCall } from '../threads/protocol.js'
import { hasWords } from '../writer/word-index.js'
import { BucketReader } from './bucket-reader.js'
import { chooseWay } from './choose-way.js'
import type { Query } from './conditions.js'
import { Deadline } from './deadline.js'
import { GroupReader } from './group-reader.js'
import { findQuery, getQuery } from './query.js'
import { RouteReader } from './route-reader.js'
import { TallyReader } from './tally-reader.js'

/** Reads the file; all calls are synchronous and belong in a worker thread. */
export class FileReader {
  readonly #connection: Connection
  readonly #deadline: Deadline
  readonly #groups: GroupReader
  readonly #buckets: BucketReader
  readonly #tallies: TallyReader
  readonly #routes: RouteReader

  constructor(connection: Connection, queryTimeoutMs: number) {
    this.#connection = connection
    this.#deadline = new Deadline(connection, queryTimeoutMs)
    this.#groups = new GroupReader(connection)
    this.#buckets = new BucketReader(connection)
    this.#tallies = new TallyReader(connection)
    this.#routes = new RouteReader(connection)
  }

  /** @throws QueryTimeoutError, and what the driver throws */
  read(call: Exclude<ReaderCall, { call: 'close' }>): unknown {
    this.#deadline.begin()
    switch (call.call) {
      case 'find':
        return this.#find(call.kind, call.query)
      case 'get':
        return this.#all(getQuery(call.kind, call.id))[0]
      case 'buckets':
        return this.#buckets.read(call.kind, call.query)
      case 'tally':
        return this.#tallies.read(call.kind, call.query)
      case 'routeStats':
        return this.#routes.read(call.query)
      case 'groups':
        return this.#groups.find(call.query)
      case 'releases':
        return this.#groups.releases(call.limit)
      case 'size':
        return this.#size()
    }
  }

  #find(kind: RecordKind, query: ResolvedFilter): readonly FoundRow[] {
    const way = chooseWay(this.#connection, kind, query)
    const options = { way, hasWords: this.#hasWords(query) }
    return this.#all(findQuery(kind, query, options)) as FoundRow[]
  }

  #size(): StoreSize {
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
