import { BoundedMap, type FoundRecord } from '@fastify-scs/core/kit'
import type { ListedKind } from '../api/model.js'
import type { Read } from '../query/query-gate.js'
import type { FindPage } from '../query/record-pager.js'
import { LiveRecord } from './live-record.js'

/** Records of one poll. */
const PAGE = 500
/** Records of another instance may be stored so much later than newer ones, in milliseconds; its clock may also be so much behind. */
const OVERLAP_MS = 10_000
/** Most are not so late; reading the whole overlap each time would parse each record ten times. In milliseconds. */
const SHORT_OVERLAP_MS = 2_000
/** Polls between two that read the whole overlap. */
const LONG_EVERY = 8
/** Records that are known to have been sent: those of the overlap, as many as one may be. */
const MAX_KNOWN = 20_000

/** What has come since the poll before. */
export interface FedRecords {
  /** Oldest first. */
  readonly records: readonly LiveRecord[]
  /** Records that were too many for one poll. */
  readonly dropped: number
}

/** Finds the records of a kind that have come, or have changed, since it last looked. */
export class RecordFeed {
  readonly #kind: ListedKind
  /** Revisions by id. */
  readonly #known = new BoundedMap<string, number>(MAX_KNOWN)
  readonly #beganAt: number
  readonly #maxRecords: number
  /** Creation of the newest record that was found, in milliseconds since 1970. */
  #newestAt: number
  #polls = 0

  /** @param maxRecords records of one poll; @default 500 */
  constructor(kind: ListedKind, nowMs: number, maxRecords: number = PAGE) {
    this.#kind = kind
    this.#maxRecords = maxRecords
    this.#beganAt = nowMs
    this.#newestAt = nowMs
  }

  /** Learns what is there already, which is not sent. */
  async begin(find: FindPage): Promise<void> {
    const { items } = await this.#find(find)
    for (const { id, revision, createdAt } of items)
      if (createdAt < this.#beganAt) this.#known.set(id, revision)
  }

  async next(find: FindPage, read: Read): Promise<FedRecords> {
    const { items, nextCursor } = await this.#find(find)
    const dropped = await this.#droppedOf(read, items, nextCursor !== undefined)
    const fresh = items.filter(({ id, revision }) => this.#known.get(id) !== revision).reverse()
    for (const { id, revision, createdAt } of fresh) {
      this.#known.set(id, revision)
      this.#newestAt = Math.max(this.#newestAt, createdAt)
    }
    return { records: fresh.map((found) => new LiveRecord(this.#kind, found)), dropped }
  }

  #find(find: FindPage) {
    const overlapMs = this.#polls++ % LONG_EVERY === 0 ? OVERLAP_MS : SHORT_OVERLAP_MS
    return find(this.#kind, {
      from: Math.max(0, this.#newestAt - overlapMs),
      limit: this.#maxRecords,
    })
  }

  /** Counts those between the newest one known and the oldest one of a page that is full. */
  async #droppedOf(read: Read, items: readonly FoundRecord[], isCut: boolean): Promise<number> {
    const from = this.#newestAt + 1
    const to = items.at(-1)?.createdAt ?? from
    if (!isCut || to <= from) return 0
    const span = { from, to, bucketMs: to - from, percentiles: false }
    const buckets = await read((store) => store.buckets(this.#kind, span))
    return buckets.reduce((sum, { count }) => sum + count, 0)
  }
}
