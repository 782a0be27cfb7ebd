import {
  BoundedMap,
  type GroupSighting,
  type GroupState,
  type GrowthRules,
  RECORD_KINDS,
  type RecordKind,
  type StoreRecord,
} from '@fastify-scs/core/kit'
import {
  type AdapterTraits,
  type BucketQuery,
  type ExpectedVersion,
  PLAIN_TRAITS,
  type RetentionLimits,
  type StoreAdapter,
  type StoreSetup,
  type StoreSize,
  type TimeBucket,
  type UnkeptVersion,
} from '../port.js'
import { BucketCounter } from '../read/buckets.js'
import type { ResolvedFilter } from '../read/filter.js'
import { countSighting, type Group } from '../read/groups.js'
import { type FoundRow, type RecordRow, toRow } from '../record/row.js'
import { isAfter, isMatch } from './filter.js'

/** How much a store in memory keeps. */
export interface MemoryStoreOptions {
  /** Records of all kinds; the oldest go first. @default 100_000 */
  readonly maxRecords?: number
  /** Bytes of all records, as far as their texts tell. @default 67_108_864 */
  readonly maxBytes?: number
}

/** What every row costs beside its texts, in bytes; an estimate. */
const ROW_BYTES = 400

const MAX_DEAD_LETTERS = 1_000
const MAX_GROUPS = 10_000

type Row = RecordRow & { readonly kind: RecordKind; readonly bytes: number }

/** Keeps records in memory, the newest only: for tests, and for applications that need no history. */
export class MemoryStore implements StoreAdapter {
  readonly engine = 'memory'
  readonly traits: AdapterTraits = { ...PLAIN_TRAITS, bodySearch: 'always' }
  readonly #maxRecords: number
  readonly #maxBytes: number
  /** By id, in the order of arrival. */
  readonly #rows: Readonly<Record<RecordKind, Map<string, Row>>> = {
    integration_requests: new Map(),
    reports: new Map(),
    audit_events: new Map(),
  }
  /** Ids of the records that have a key, by where the key is unique. */
  readonly #keyHolders = new Map<string, string>()
  #bytes = 0
  /** Reasons by id. */
  readonly #deadLetters = new BoundedMap<string, string>(MAX_DEAD_LETTERS)
  /** Groups of like reports; when there are too many, the one that was not counted for longest is removed. */
  readonly #groups = new BoundedMap<string, Group>(MAX_GROUPS)

  constructor(options: MemoryStoreOptions = {}) {
    this.#maxRecords = options.maxRecords ?? 100_000
    this.#maxBytes = options.maxBytes ?? 67_108_864
  }

  async open(_setup?: StoreSetup): Promise<void> {}

  async close(): Promise<void> {}

  async insert(batch: readonly StoreRecord[]): Promise<void> {
    const rows = batch.map((record) => ({ ...toRow(this.engine, record), kind: record.kind }))
    for (const row of rows) this.#put({ ...row, bytes: ROW_BYTES + row.data.length })
    this.#keepWithin(this.#maxRecords, this.#maxBytes)
  }

  async compareAndSet(versions: readonly ExpectedVersion[]): Promise<readonly UnkeptVersion[]> {
    const rows = versions.map(({ record }) => toRow(this.engine, record))
    const unkept = versions.flatMap(({ record, expected }, index) => {
      const { kind } = record
      const row = rows[index] as RecordRow
      const reason = this.#unkept(kind, row, expected)
      if (reason !== undefined) return [reason]
      this.#keep({ ...row, kind, bytes: ROW_BYTES + row.data.length })
      return []
    })
    this.#keepWithin(this.#maxRecords, this.#maxBytes)
    return unkept
  }

  async insertDeadLetter(record: StoreRecord, reason: string): Promise<void> {
    this.#deadLetters.set(String(record.id), reason)
  }

  /** No process that ends needs it: what is in memory ends with it. */
  insertSync(_batches: readonly (readonly StoreRecord[])[], _deadlineMs: number): boolean {
    return false
  }

  async find(kind: RecordKind, query: ResolvedFilter): Promise<readonly FoundRow[]> {
    const found = this.#newestFirst(kind).filter((row) => isMatch(row, query))
    return found.slice(0, query.limit).map(toFound)
  }

  async get(kind: RecordKind, id: string): Promise<FoundRow | undefined> {
    const row = this.#rows[kind].get(id)
    return row === undefined ? undefined : toFound(row)
  }

  async buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]> {
    const counter = new BucketCounter(query)
    for (const row of this.#rows[kind].values()) {
      const isWithin = row.createdAt >= query.from && row.createdAt < query.to
      if (!isWithin || (query.service !== undefined && row.service !== query.service)) continue
      counter.add(row.createdAt, row.status ?? row.level, row.durationMs)
    }
    return counter.buckets()
  }

  async size(): Promise<StoreSize> {
    const { integration_requests, reports, audit_events } = this.#rows
    return {
      records: {
        integration_requests: integration_requests.size,
        reports: reports.size,
        audit_events: audit_events.size,
      },
      deadLetters: this.#deadLetters.size,
      bytes: this.#bytes,
    }
  }

  async countGroups(
    sightings: readonly GroupSighting[],
    rules: GrowthRules,
  ): Promise<readonly GroupState[]> {
    return sightings.map((sighting) => {
      const { kept, told } = countSighting(this.#groups.get(sighting.fingerprint), sighting, rules)
      this.#groups.set(sighting.fingerprint, kept)
      return told
    })
  }

  async prune({ olderThan, kind, maxBytes }: RetentionLimits): Promise<number> {
    const before = this.#count()
    for (const each of kind === undefined ? RECORD_KINDS : [kind]) {
      for (const row of this.#rows[each].values()) {
        if (olderThan !== undefined && row.createdAt < olderThan) this.#remove(row)
      }
    }
    if (olderThan !== undefined && kind === undefined) this.#forgetGroupsBefore(olderThan)
    if (maxBytes !== undefined) this.#keepWithin(this.#maxRecords, maxBytes)
    return before - this.#count()
  }

  #forgetGroupsBefore(time: number): void {
    for (const [fingerprint, { lastSeenAt }] of this.#groups) {
      if (lastSeenAt < time) this.#groups.delete(fingerprint)
    }
  }

  #unkept(
    kind: RecordKind,
    row: RecordRow,
    expected: number | undefined,
  ): UnkeptVersion | undefined {
    const { id } = row
    const known = this.#rows[kind].get(id)
    if (known === undefined && expected !== undefined) return { reason: 'gone', id }
    if (known !== undefined && known.revision !== expected)
      return { reason: 'revision', id, found: toFound(known) }
    const place = keyPlace(kind, row)
    const holderId = place === undefined ? undefined : this.#keyHolders.get(place)
    if (holderId === undefined || holderId === id) return undefined
    return { reason: 'key', id, holderId }
  }

  #put(row: Row): void {
    const known = this.#rows[row.kind].get(row.id)
    if (known === undefined || known.revision < row.revision) this.#keep(row)
  }

  #keep(row: Row): void {
    const known = this.#rows[row.kind].get(row.id)
    if (known !== undefined) this.#forget(known)
    this.#bytes += row.bytes
    this.#rows[row.kind].set(row.id, row)
    const place = keyPlace(row.kind, row)
    if (place !== undefined && !this.#keyHolders.has(place)) this.#keyHolders.set(place, row.id)
  }

  #remove(row: Row): void {
    if (this.#rows[row.kind].delete(row.id)) this.#forget(row)
  }

  #forget(row: Row): void {
    this.#bytes -= row.bytes
    const place = keyPlace(row.kind, row)
    if (place !== undefined && this.#keyHolders.get(place) === row.id)
      this.#keyHolders.delete(place)
  }

  #count(): number {
    return RECORD_KINDS.reduce((sum, kind) => sum + this.#rows[kind].size, 0)
  }

  #newestFirst(kind: RecordKind): Row[] {
    return [...this.#rows[kind].values()].sort((one, other) => (isAfter(one, other) ? 1 : -1))
  }

  /** Removes the oldest until the rest is within the limits. */
  #keepWithin(maxRecords: number, maxBytes: number): void {
    let tooMany = this.#count() - maxRecords
    if (tooMany <= 0 && this.#bytes <= maxBytes) return
    // More than needed, so that a full store does not sort for each batch.
    tooMany += Math.ceil(maxRecords / 20)
    const bytes = maxBytes * 0.95
    const all = RECORD_KINDS.flatMap((kind) => [...this.#rows[kind].values()])
    all.sort((one, other) => one.createdAt - other.createdAt)
    for (const row of all) {
      if (tooMany <= 0 && this.#bytes <= bytes) return
      this.#remove(row)
      tooMany--
    }
  }
}

/** Names a key among all kinds and services; no text of a row has NUL. */
function keyPlace(kind: RecordKind, { service, key }: RecordRow): string | undefined {
  return key === null ? undefined : `${kind}\0${service ?? ''}\0${key}`
}

function toFound(row: Row): FoundRow {
  const { kind: _kind, bytes: _bytes, searchText: _text, method: _method, ...rest } = row
  const { direction: _direction, url: _url, ...found } = rest
  return found
}
