import type { RecordFilter, RecordKind, RecordPage, Store } from '@fastify-scs/store'
import type { Read } from '../api/parts.js'

/** What is read at a time, in bytes of JSON: parsing it keeps the service waiting for some milliseconds. */
const SLICE_BYTES = 512 * 1024
/** Taken for the size of a record as long as none was read, in bytes. */
const FIRST_BYTES = 20 * 1024
const MIN_RECORDS = 5
const MAX_RECORDS = 200
/** Records of a slice that are measured. */
const SAMPLES = 3

/** Finds a page of records. */
export type FindPage = (
  kind: RecordKind,
  filter: RecordFilter & { readonly limit: number },
) => Promise<RecordPage>

/**
 * Reads pages in slices, the smaller the larger the records of their kind are: a store reads whole records, and a page of large ones
 * would be parsed in one go, while the service waits.
 */
export class RecordPager {
  /** How large the records of a kind are about, in bytes. */
  readonly #meanBytes = new Map<RecordKind, number>()

  /** Finds pages, each slice in its own turn. */
  finder(read: Read): FindPage {
    return (kind, filter) => this.#find(read, kind, filter)
  }

  async #find(
    read: Read,
    kind: RecordKind,
    { limit, ...filter }: RecordFilter & { readonly limit: number },
  ): Promise<RecordPage> {
    const first = await this.#slice(read, kind, filter, limit)
    const items = [...first.items]
    let { nextCursor: cursor } = first
    while (cursor !== undefined && items.length < limit) {
      const next = await this.#slice(read, kind, { ...filter, cursor }, limit - items.length)
      items.push(...next.items)
      cursor = next.nextCursor
    }
    const { nextCursor: _first, ...rest } = first
    return { ...rest, items, ...(cursor === undefined ? {} : { nextCursor: cursor }) }
  }

  async #slice(
    read: Read,
    kind: RecordKind,
    filter: RecordFilter,
    most: number,
  ): Promise<RecordPage> {
    const limit = Math.min(most, this.#records(kind))
    const page = await read((store: Store) => store.find(kind, { ...filter, limit }))
    this.#learn(kind, page)
    return page
  }

  #records(kind: RecordKind): number {
    const records = Math.floor(SLICE_BYTES / (this.#meanBytes.get(kind) ?? FIRST_BYTES))
    return Math.min(MAX_RECORDS, Math.max(MIN_RECORDS, records))
  }

  #learn(kind: RecordKind, { items }: RecordPage): void {
    if (items.length === 0) return
    const step = Math.max(1, Math.floor(items.length / SAMPLES))
    const samples = items.filter((_item, index) => index % step === 0)
    const bytes = samples.reduce((sum, { data }) => sum + JSON.stringify(data).length, 0)
    const mean = Math.max(1, bytes / samples.length)
    this.#meanBytes.set(kind, ((this.#meanBytes.get(kind) ?? mean) + mean) / 2)
  }
}
