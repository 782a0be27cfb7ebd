import { type ResolvedFilter, resolveFilter } from '@fastify-scs/store'
import type { ListedKind, RecordQuery, RecordRow } from '../api/model.js'
import { filtersOf } from '../query/find-records.js'
import type { Read } from '../query/query-gate.js'
import { type FindPage, RecordPager } from '../query/record-pager.js'
import { rowOf } from '../record/rows.js'
import { RecordFeed } from './record-feed.js'

/** What is read of a kind at a time, in records: a program has more room than a page. */
const MAX_RECORDS = 2_000

/** What has come since it was asked before. */
export interface TailedRows {
  /** Oldest first. */
  readonly rows: readonly RecordRow[]
  /** Records that were too many at once. */
  readonly dropped: number
}

/** Follows a store that other processes write, for a program: the records that have come, or have changed, since it last looked. */
export class StoreTail {
  readonly #read: Read
  readonly #find: FindPage
  readonly #kinds: readonly ListedKind[]
  readonly #filters: readonly ResolvedFilter[]
  readonly #feeds = new Map<ListedKind, RecordFeed>()

  /** @throws CONSOLE_BAD_REQUEST, SCS_STORE_ERR_FILTER */
  constructor(read: Read, kinds: readonly ListedKind[], query: RecordQuery) {
    this.#read = read
    this.#find = new RecordPager().finder(read)
    this.#kinds = kinds
    // Time goes on: a search for text must not stop at the time of this call.
    this.#filters = filtersOf(query).map((filter) => {
      return { ...resolveFilter(filter), from: undefined, to: undefined }
    })
  }

  /** Learns what is there already. The newest record says what time it is: this clock may differ from those of the services. */
  async begin(): Promise<void> {
    for (const kind of this.#kinds) {
      const { items } = await this.#find(kind, { limit: 1 })
      const feed = new RecordFeed(kind, (items[0]?.createdAt ?? 0) + 1, MAX_RECORDS)
      await feed.begin(this.#find)
      this.#feeds.set(kind, feed)
    }
  }

  /** What has come and matches. @throws what the store throws; the next call then finds what was missed */
  async next(): Promise<TailedRows> {
    const rows: RecordRow[] = []
    let dropped = 0
    for (const feed of this.#feeds.values()) {
      const fed = await feed.next(this.#find, this.#read)
      dropped += fed.dropped
      const matching = fed.records.filter((record) =>
        this.#filters.some((filter) => record.matches(filter)),
      )
      rows.push(...matching.map(({ found }) => rowOf(found)))
    }
    rows.sort((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1))
    return { rows, dropped }
  }
}
