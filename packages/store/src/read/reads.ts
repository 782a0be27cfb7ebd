import {
  type FoundRecord,
  type RecordFilter,
  type RecordKey,
  type RecordKind,
  type RecordPage,
  type StoreRecord,
  show,
} from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import { FilterError, StoreUnavailableError } from '../errors.js'
import type {
  BucketQuery,
  GroupFilter,
  GroupPage,
  Release,
  RouteFigures,
  RouteStatsQuery,
  Tally,
  TallyQuery,
  TimeBucket,
} from '../port.js'
import { fromRow, toRow } from '../record/row.js'
import { storableText } from '../record/text.js'
import { mergeRecords } from '../record/versions.js'
import type { DeferredWriter } from '../writer/deferred-writer.js'
import { checkKind } from './filter.js'

/** How long a read waits until what was written before is stored, in milliseconds. */
export const READ_WAIT_MS = 1_000

/** Releases that are returned when no limit is given. */
const DEFAULT_RELEASES = 50

/** Reads a store together with what this process has written and is not stored yet. Writing costs nothing more for it. */
export class StoreReads {
  readonly #adapter: CheckedAdapter
  readonly #writer: DeferredWriter

  constructor(adapter: CheckedAdapter, writer: DeferredWriter) {
    this.#adapter = adapter
    this.#writer = writer
  }

  /** Finds records once what waits is stored, or cannot be. @throws FilterError, StoreUnavailableError */
  async find(kind: RecordKind, filter: RecordFilter = {}): Promise<RecordPage> {
    checkKind(kind)
    const waiting = (await this.#storeWaiting()) ? 0 : this.#writer.waitingRecords
    const page = await this.#adapter.find(kind, filter)
    return waiting === 0 ? page : { ...page, waiting }
  }

  /** Counts records by time, as `find` finds them. @throws FilterError, StoreUnavailableError */
  async buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]> {
    checkKind(kind)
    await this.#storeWaiting()
    return this.#adapter.buckets(kind, query)
  }

  /** Counts records by a field, as `find` finds them. @throws FilterError, StoreUnavailableError, QueryTimeoutError */
  async tally(kind: RecordKind, query: TallyQuery): Promise<Tally> {
    checkKind(kind)
    await this.#storeWaiting()
    return this.#adapter.tally(kind, query)
  }

  /** Finds groups, with their newest reports as `find` finds them. @throws FilterError, StoreUnavailableError, QueryTimeoutError */
  async groups(filter: GroupFilter = {}): Promise<GroupPage> {
    await this.#storeWaiting()
    return this.#adapter.groups(filter)
  }

  /** Sums up calls of routes, as `find` finds them. @throws FilterError, StoreUnavailableError, QueryTimeoutError */
  async routeStats(query: RouteStatsQuery): Promise<readonly RouteFigures[]> {
    await this.#storeWaiting()
    return this.#adapter.routeStats(query)
  }

  /** The releases that were noted; not those that this process could not note yet. @throws as `groups` */
  releases(limit: number = DEFAULT_RELEASES): Promise<readonly Release[]> {
    return this.#adapter.releases(limit)
  }

  /** Gets a record by its id or key. @throws FilterError, StoreUnavailableError */
  async get(kind: RecordKind, name: string | RecordKey): Promise<FoundRecord | undefined> {
    checkKind(kind)
    const key = typeof name === 'string' ? undefined : checkKey(name)
    // Records that are only in the outbox cannot be searched.
    if (this.#writer.hasUnread) await this.#storeWaiting()
    return key === undefined ? this.#byId(kind, name as string) : this.#byKey(kind, key)
  }

  async #byId(kind: RecordKind, id: string): Promise<FoundRecord | undefined> {
    const waiting = this.#waiting(kind, id)
    return merged(waiting, await this.#stored(waiting, () => this.#adapter.get(kind, id)))
  }

  async #byKey(kind: RecordKind, { service, key }: RecordKey): Promise<FoundRecord | undefined> {
    const hasKey = ({ keys }: Pick<StoreRecord, 'keys'>) =>
      storable(keys?.key) === key && storable(keys?.service) === service
    const named = this.#writer.waiting((record) => record?.kind === kind && hasKey(record))
    const find = async () => (await this.#adapter.find(kind, { service, key, limit: 1 })).items[0]
    const holder = await this.#stored(named, find)
    // The stored record with this key keeps it; a waiting record with the same key is stored without it.
    const ids = new Set([holder, ...named].flatMap((record) => record?.id ?? []))
    for (const id of ids) {
      const record = await this.#byId(kind, id)
      if (record !== undefined && hasKey(record)) return record
    }
    return undefined
  }

  #waiting(kind: RecordKind, id: string): FoundRecord | undefined {
    const versions = this.#writer.waiting((record) => record?.id === id && record.kind === kind)
    try {
      return versions
        .map((record) => fromRow(kind, toRow(this.#adapter.engine, record)))
        .reduce<FoundRecord | undefined>((known, newer) => merged(newer, known), undefined)
    } catch {
      // It is going to be refused.
      return undefined
    }
  }

  /** What is stored; undefined while the database is away, if something that waits can be returned. */
  async #stored(
    waiting: object | undefined,
    read: () => Promise<FoundRecord | undefined>,
  ): Promise<FoundRecord | undefined> {
    const hasWaiting = Array.isArray(waiting) ? waiting.length > 0 : waiting !== undefined
    try {
      return await read()
    } catch (error) {
      if (hasWaiting && error instanceof StoreUnavailableError) return undefined
      throw error
    }
  }

  /** Whether all that was written before is stored; waits for it, unless the database is already slower than that. */
  async #storeWaiting(): Promise<boolean> {
    if (this.#writer.waitingRecords === 0 && !this.#writer.hasUnread) return true
    if (this.#writer.oldestBatchMs >= READ_WAIT_MS) return false
    return this.#writer.flush(READ_WAIT_MS)
  }
}

function merged(
  newer: FoundRecord | undefined,
  known: FoundRecord | undefined,
): FoundRecord | undefined {
  if (newer === undefined || known === undefined) return newer ?? known
  return mergeRecords(known, newer)
}

/** A text as it is stored. */
function storable(text: unknown): string | undefined {
  return typeof text === 'string' ? storableText(text) : undefined
}

function checkKey(given: RecordKey): RecordKey {
  const { service, key } = (given ?? {}) as Partial<Record<keyof RecordKey, unknown>>
  if (typeof service === 'string' && typeof key === 'string')
    return { service: storableText(service), key: storableText(key) }
  throw new FilterError('id', 'an id, or { service, key } with a text each', show(given))
}
