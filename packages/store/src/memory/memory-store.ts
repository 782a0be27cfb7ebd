import {
  BoundedMap,
  type GroupSighting,
  type GroupState,
  type GrowthRules,
  RECORD_KINDS,
  type RecordKind,
  type RouteMinute,
  type StoreRecord,
} from '@fastify-scs/core/kit'
import {
  type AdapterTraits,
  type BucketQuery,
  type ChangedGroup,
  type ExpectedVersion,
  type FoundGroup,
  type GroupChange,
  PLAIN_TRAITS,
  type Release,
  type ResolvedGroupFilter,
  type ResolvedTally,
  type RetentionLimits,
  type RouteFigures,
  type RouteStatsQuery,
  type StoreAdapter,
  type StoreSetup,
  type StoreSize,
  type Tally,
  type TallyField,
  type TallyItem,
  type TimeBucket,
  type UnkeptVersion,
} from '../port.js'
import { BucketCounter } from '../read/buckets.js'
import type { ResolvedFilter } from '../read/filter.js'
import { RouteStatsSum } from '../read/route-stats.js'
import { type FoundRow, type RecordRow, toRow } from '../record/row.js'
import { isAfter, isMatch } from './filter.js'
import { MemoryGroups } from './memory-groups.js'

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
    route_stats: new Map(),
  }
  /** Ids of the records that have a key, by where the key is unique. */
  readonly #keyHolders = new Map<string, string>()
  #bytes = 0
  /** Reasons by id. */
  readonly #deadLetters = new BoundedMap<string, string>(MAX_DEAD_LETTERS)
  readonly #groups = new MemoryGroups()

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
      if (!isWithin || !BUCKET_KEYS.every((key) => isAsked(query[key], row[key]))) continue
      counter.add(row.createdAt, bucketValue(row, query.by), row.durationMs)
    }
    return counter.buckets()
  }

  async size(): Promise<StoreSize> {
    const { integration_requests, reports, audit_events, route_stats } = this.#rows
    return {
      records: {
        integration_requests: integration_requests.size,
        reports: reports.size,
        audit_events: audit_events.size,
        route_stats: route_stats.size,
      },
      deadLetters: this.#deadLetters.size,
      bytes: this.#bytes,
    }
  }

  async countGroups(
    sightings: readonly GroupSighting[],
    rules: GrowthRules,
  ): Promise<readonly GroupState[]> {
    return this.#groups.count(sightings, rules)
  }

  async changeGroup(fingerprint: string, change: GroupChange): Promise<ChangedGroup> {
    return this.#groups.change(fingerprint, change)
  }

  async noteRelease(release: string, at: number): Promise<void> {
    this.#groups.noteRelease(release, at)
  }

  async releases(limit: number): Promise<readonly Release[]> {
    return this.#groups.releases(limit)
  }

  async groups(query: ResolvedGroupFilter): Promise<readonly FoundGroup[]> {
    const reports = this.#newestFirst('reports')
    return this.#groups.find(query).map((group) => {
      const sample = reports.find(({ fingerprint }) => fingerprint === group.fingerprint)
      return { ...group, sampleId: sample?.id ?? null }
    })
  }

  async tally(kind: RecordKind, { by, filter, limit }: ResolvedTally): Promise<Tally> {
    const items = new Map<string, TallyItem>()
    let total = 0
    for (const row of this.#rows[kind].values()) {
      const field = row[by]
      if (field === null || !isMatch(row, filter)) continue
      total++
      const value = String(field)
      const { count, lastAt } = items.get(value) ?? { count: 0, lastAt: 0 }
      items.set(value, { value, count: count + 1, lastAt: Math.max(lastAt, row.createdAt) })
    }
    const ordered = [...items.values()].sort(
      (one, other) => other.count - one.count || (one.value < other.value ? -1 : 1),
    )
    return { items: ordered.slice(0, limit), total }
  }

  async routeStats(query: RouteStatsQuery): Promise<readonly RouteFigures[]> {
    const sum = new RouteStatsSum(query)
    for (const { createdAt, route, service, data } of this.#rows.route_stats.values()) {
      if (route === null || createdAt < query.from || createdAt >= query.to) continue
      if (query.route !== undefined && query.route !== route) continue
      if (query.service !== undefined && query.service !== service) continue
      sum.add(route, createdAt, JSON.parse(data) as RouteMinute)
    }
    return sum.routes()
  }

  busyMs(): number {
    return 0
  }

  async prune({ olderThan, kind, maxBytes }: RetentionLimits): Promise<number> {
    const before = this.#count()
    for (const each of kind === undefined ? RECORD_KINDS : [kind]) {
      for (const row of this.#rows[each].values()) {
        if (olderThan !== undefined && row.createdAt < olderThan) this.#remove(row)
      }
    }
    if (olderThan !== undefined && kind === undefined) this.#groups.forgetBefore(olderThan)
    if (maxBytes !== undefined) this.#keepWithin(this.#maxRecords, maxBytes)
    return before - this.#count()
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

/** The fields that a query for buckets may ask for. */
const BUCKET_KEYS = ['service', 'status', 'fingerprint', 'route'] as const

function isAsked(asked: string | undefined, found: string | null): boolean {
  return asked === undefined || asked === found
}

/** What a row is counted by. */
function bucketValue(row: Row, by: TallyField | undefined): string | null {
  if (by === undefined) return row.status ?? row.level
  const value = row[by === 'type' ? 'fingerprint' : by]
  return value === null ? null : String(value)
}

function toFound(row: Row): FoundRow {
  const { kind: _kind, bytes: _bytes, searchText: _text, method: _method, ...rest } = row
  const { direction: _direction, url: _url, ...found } = rest
  return found
}
