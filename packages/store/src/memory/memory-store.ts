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
  type ForgetProgress,
  type ForgetStep,
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
import { isAfter, isMatch } from '../read/match.js'
import { RouteStatsSum } from '../read/route-stats.js'
import { userOfDeadLetter } from '../record/dead-letter.js'
import { type FoundRow, type RecordRow, toRow } from '../record/row.js'
import { MemoryGroups } from './memory-groups.js'
import { MemoryRecords, type MemoryRow, toFound } from './memory-records.js'

/** How much a store in memory keeps. */
export interface MemoryStoreOptions {
  /** Records of all kinds; the oldest go first. @default 100_000 */
  readonly maxRecords?: number
  /** Bytes of all records, as far as their texts tell. @default 67_108_864 */
  readonly maxBytes?: number
}

const MAX_DEAD_LETTERS = 1_000

/** Keeps records in memory, the newest only: for tests, and for applications that need no history. */
export class MemoryStore implements StoreAdapter {
  readonly engine = 'memory'
  readonly traits: AdapterTraits = { ...PLAIN_TRAITS, bodySearch: 'always' }
  readonly #maxRecords: number
  readonly #maxBytes: number
  readonly #records = new MemoryRecords()
  /** The users that they are about, by id. */
  readonly #deadLetters = new BoundedMap<string, string | undefined>(MAX_DEAD_LETTERS)
  readonly #groups = new MemoryGroups()

  constructor(options: MemoryStoreOptions = {}) {
    this.#maxRecords = options.maxRecords ?? 100_000
    this.#maxBytes = options.maxBytes ?? 67_108_864
  }

  async open(_setup?: StoreSetup): Promise<void> {}

  async close(): Promise<void> {}

  async insert(batch: readonly StoreRecord[]): Promise<void> {
    const rows = batch.map((record) => ({ ...toRow(this.engine, record), kind: record.kind }))
    for (const row of rows) this.#records.put(row)
    this.#records.keepWithin(this.#maxRecords, this.#maxBytes)
  }

  async compareAndSet(versions: readonly ExpectedVersion[]): Promise<readonly UnkeptVersion[]> {
    const rows = versions.map(({ record }) => toRow(this.engine, record))
    const unkept = versions.flatMap(({ record, expected }, index) => {
      const { kind } = record
      const row = rows[index] as RecordRow
      const reason = this.#records.unkept(kind, row, expected)
      if (reason !== undefined) return [reason]
      this.#records.keep({ ...row, kind })
      return []
    })
    this.#records.keepWithin(this.#maxRecords, this.#maxBytes)
    return unkept
  }

  async insertDeadLetter(record: StoreRecord, _reason: string): Promise<void> {
    this.#deadLetters.set(String(record.id), userOfDeadLetter(record))
  }

  /** No process that ends needs it: what is in memory ends with it. */
  insertSync(_batches: readonly (readonly StoreRecord[])[], _deadlineMs: number): boolean {
    return false
  }

  async find(kind: RecordKind, query: ResolvedFilter): Promise<readonly FoundRow[]> {
    const found = this.#records.newestFirst(kind).filter((row) => isMatch(row, query))
    return found.slice(0, query.limit).map(toFound)
  }

  async get(kind: RecordKind, id: string): Promise<FoundRow | undefined> {
    const row = this.#records.of(kind).get(id)
    return row === undefined ? undefined : toFound(row)
  }

  async buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]> {
    const counter = new BucketCounter(query)
    for (const row of this.#records.of(kind).values()) {
      const isWithin = row.createdAt >= query.from && row.createdAt < query.to
      if (!isWithin || !BUCKET_KEYS.every((key) => isAsked(query[key], row[key]))) continue
      counter.add(row.createdAt, bucketValue(row, query.by), row.durationMs)
    }
    return counter.buckets()
  }

  async size(): Promise<StoreSize> {
    const counts = RECORD_KINDS.map((kind) => [kind, this.#records.of(kind).size])
    return {
      records: Object.fromEntries(counts) as StoreSize['records'],
      deadLetters: this.#deadLetters.size,
      bytes: this.#records.bytes,
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
    const groups = this.#groups.find(query)
    const samples = this.#newestReports(new Set(groups.map(({ fingerprint }) => fingerprint)))
    return groups.map((group) => {
      return { ...group, sampleId: samples.get(group.fingerprint)?.id ?? null }
    })
  }

  async tally(kind: RecordKind, { by, filter, limit }: ResolvedTally): Promise<Tally> {
    const items = new Map<string, TallyItem>()
    let total = 0
    for (const row of this.#records.of(kind).values()) {
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
    for (const { createdAt, route, service, data } of this.#records.of('route_stats').values()) {
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
    const before = this.#records.size
    for (const each of kind === undefined ? RECORD_KINDS : [kind]) {
      for (const row of this.#records.of(each).values()) {
        if (olderThan !== undefined && row.createdAt < olderThan) this.#records.remove(row)
      }
    }
    if (olderThan !== undefined && kind === undefined) this.#groups.forgetBefore(olderThan)
    if (maxBytes !== undefined) this.#records.keepWithin(this.#maxRecords, maxBytes)
    return before - this.#records.size
  }

  async forgetUser({ user, part, pseudonym, limit }: ForgetStep): Promise<ForgetProgress> {
    if (part === 'groups') return { rows: this.#groups.forgetUser(user, pseudonym), isDone: true }
    // What is removed from memory leaves nothing.
    if (part === 'traces') return { rows: 0, isDone: true }
    let rows = 0
    if (part === 'dead_letters') {
      for (const [id, known] of this.#deadLetters) {
        if (known === user && this.#deadLetters.delete(id)) rows++
      }
      return { rows, isDone: true }
    }
    for (const row of this.#records.of(part).values()) {
      if (row.user !== user) continue
      if (rows === limit) return { rows, isDone: false }
      this.#records.remove(row)
      rows++
    }
    return { rows, isDone: true }
  }

  /** The newest report of each fingerprint, found without sorting all of them. */
  #newestReports(fingerprints: ReadonlySet<string>): ReadonlyMap<string, MemoryRow> {
    const newest = new Map<string, MemoryRow>()
    for (const row of this.#records.of('reports').values()) {
      if (row.fingerprint === null || !fingerprints.has(row.fingerprint)) continue
      const known = newest.get(row.fingerprint)
      if (known === undefined || isAfter(known, row)) newest.set(row.fingerprint, row)
    }
    return newest
  }
}

/** The fields that a query for buckets may ask for. */
const BUCKET_KEYS = ['service', 'status', 'fingerprint', 'route'] as const

function isAsked(asked: string | undefined, found: string | null): boolean {
  return asked === undefined || asked === found
}

/** What a row is counted by. */
function bucketValue(row: MemoryRow, by: TallyField | undefined): string | null {
  if (by === undefined) return row.status ?? row.level
  const value = row[by === 'type' ? 'fingerprint' : by]
  return value === null ? null : String(value)
}
