import {
  type FoundRecord,
  type GroupSighting,
  type GroupState,
  type GrowthRules,
  RECORD_KINDS,
  type RecordFilter,
  type RecordKind,
  type RecordPage,
  type StoreRecord,
} from '@fastify-scs/core/kit'
import { ReadOnlyError } from './errors.js'
import type {
  AdapterTraits,
  BucketQuery,
  ChangedGroup,
  ExpectedVersion,
  ForgetProgress,
  ForgetStep,
  GroupChange,
  GroupFilter,
  GroupPage,
  Release,
  RetentionLimits,
  RouteFigures,
  RouteStatsQuery,
  StoreAdapter,
  StoreSetup,
  StoreSize,
  Tally,
  TallyQuery,
  TimeBucket,
  UnkeptRecord,
} from './port.js'
import { resolveBucketQuery } from './read/buckets.js'
import { checkKind, resolveFilter, textOf, writeCursor } from './read/filter.js'
import { resolveGroupChange } from './read/group-change.js'
import { resolveGroupFilter, writeGroupCursor } from './read/group-filter.js'
import { checkRelease, checkReleaseLimit } from './read/releases.js'
import { resolveRouteStatsQuery } from './read/route-stats.js'
import { checkSightings, storableSighting } from './read/sightings.js'
import { resolveTally } from './read/tally.js'
import { fromRow, isRecordId } from './record/row.js'
import { storableText } from './record/text.js'

/** The kind whose records have bodies, which `text` may find words of. */
const KIND_WITH_BODIES: RecordKind = 'integration_requests'

/** A setup that asks for nothing. */
const PLAIN_SETUP: StoreSetup = {
  log: { info() {}, warn() {}, error() {} },
  maxBytes: false,
  searchBodies: false,
  readOnly: false,
  queryTimeoutMs: 5_000,
  onRemoved() {},
}

/**
 * An adapter as the store calls it, and as the contract and tests of adapters do: what it is asked is checked before, and
 * records, pages and cursors are made of the rows that it returns.
 */
export class CheckedAdapter {
  readonly adapter: StoreAdapter
  readonly #setup: StoreSetup
  readonly #searchesBodies: boolean

  /** @param setup what is not named asks for nothing */
  constructor(adapter: StoreAdapter, setup: Partial<StoreSetup> = {}) {
    this.adapter = adapter
    this.#setup = { ...PLAIN_SETUP, ...setup }
    const { bodySearch } = adapter.traits
    this.#searchesBodies =
      bodySearch === 'always' || (bodySearch === 'indexed' && this.#setup.searchBodies)
  }

  get engine(): string {
    return this.adapter.engine
  }

  get traits(): AdapterTraits {
    return this.adapter.traits
  }

  /** Whether nothing is written. */
  get isReadOnly(): boolean {
    return this.#setup.readOnly
  }

  open(): Promise<void> {
    return this.adapter.open(this.#setup)
  }

  close(withinMs?: number): Promise<void> {
    return this.adapter.close(withinMs)
  }

  async insert(batch: readonly StoreRecord[]): Promise<void> {
    this.#refuseWhenReading('store records')
    return this.adapter.insert(batch)
  }

  insertSync(batches: readonly (readonly StoreRecord[])[], deadlineMs: number): boolean {
    return !this.#setup.readOnly && this.adapter.insertSync(batches, deadlineMs)
  }

  async insertDeadLetter(record: StoreRecord, reason: string): Promise<void> {
    this.#refuseWhenReading('store a dead letter')
    return this.adapter.insertDeadLetter(record, reason)
  }

  size(): Promise<StoreSize> {
    return this.adapter.size()
  }

  /** As the adapter's, with the stored versions as records. */
  async compareAndSet(versions: readonly ExpectedVersion[]): Promise<readonly UnkeptRecord[]> {
    if (versions.length === 0) return []
    this.#refuseWhenReading('store records')
    const unkept = await this.adapter.compareAndSet(versions)
    if (unkept.length === 0) return []
    const kinds = new Map(versions.map(({ record }) => [record.id, record.kind]))
    return unkept.map((version) => {
      const kind = kinds.get(version.id)
      return version.reason === 'revision' && kind !== undefined
        ? { ...version, found: fromRow(kind, version.found) }
        : (version as UnkeptRecord)
    })
  }

  /** Finds one page; asks for one row more, which tells whether there is a next page. @throws FilterError, StoreUnavailableError */
  async find(kind: RecordKind, filter: RecordFilter = {}): Promise<RecordPage> {
    const { limit, words, ...query } = resolveFilter(filter)
    const searchesBodies = this.#searchesBodies && kind === KIND_WITH_BODIES
    const asked = { ...query, words: searchesBodies ? words : [], limit: limit + 1 }
    const rows = await this.adapter.find(checkKind(kind), asked)
    const items = rows.slice(0, limit).map((row) => fromRow(kind, row))
    const last = items.at(-1)
    if (last === undefined || rows.length <= limit) return { items }
    return { items, nextCursor: writeCursor(last) }
  }

  /** Gets one record by its id. @throws FilterError, StoreUnavailableError */
  async get(kind: RecordKind, id: string): Promise<FoundRecord | undefined> {
    checkKind(kind)
    const row = isRecordId(id) ? await this.adapter.get(kind, id) : undefined
    return row === undefined ? undefined : fromRow(kind, row)
  }

  /** Counts records by time. @throws FilterError, StoreUnavailableError */
  async buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]> {
    checkKind(kind)
    return this.adapter.buckets(kind, resolveBucketQuery(query))
  }

  /** Counts groups, whatever their fingerprints look like. @throws FilterError, StoreUnavailableError */
  async countGroups(
    sightings: readonly GroupSighting[],
    rules: GrowthRules,
  ): Promise<readonly GroupState[]> {
    checkSightings(sightings, rules)
    if (sightings.length === 0) return []
    this.#refuseWhenReading('count groups')
    const states = await this.adapter.countGroups(sightings.map(storableSighting), rules)
    return states.map((state, index) => {
      return { ...state, fingerprint: sightings[index]?.fingerprint ?? state.fingerprint }
    })
  }

  /** Finds one page of groups. @throws FilterError, StoreUnavailableError, QueryTimeoutError */
  async groups(filter: GroupFilter = {}): Promise<GroupPage> {
    const query = resolveGroupFilter(filter)
    const rows = await this.adapter.groups({ ...query, limit: query.limit + 1 })
    const items = rows.slice(0, query.limit)
    const last = items.at(-1)
    if (last === undefined || rows.length <= query.limit) return { items }
    return { items, nextCursor: writeGroupCursor(last, query.order) }
  }

  /** Changes a group. @throws FilterError, StoreUnavailableError, ReadOnlyError */
  async changeGroup(fingerprint: string, change: GroupChange): Promise<ChangedGroup> {
    const name = storableText(textOf('fingerprint', fingerprint) ?? '')
    const resolved = resolveGroupChange(change)
    this.#refuseWhenReading('change a group')
    return this.adapter.changeGroup(name, resolved)
  }

  /** Notes that a release ran. @throws FilterError, StoreUnavailableError, ReadOnlyError */
  async noteRelease(release: string, at: number): Promise<void> {
    checkRelease(release, at)
    this.#refuseWhenReading('note a release')
    return this.adapter.noteRelease(storableText(release), at)
  }

  /** The releases that were noted. @throws FilterError, StoreUnavailableError, QueryTimeoutError */
  async releases(limit: number): Promise<readonly Release[]> {
    checkReleaseLimit(limit)
    return this.adapter.releases(limit)
  }

  /** Counts records by a field. @throws FilterError, StoreUnavailableError, QueryTimeoutError */
  async tally(kind: RecordKind, query: TallyQuery): Promise<Tally> {
    return this.adapter.tally(checkKind(kind), resolveTally(query))
  }

  /** Sums up calls of routes. @throws FilterError, StoreUnavailableError, QueryTimeoutError */
  async routeStats(query: RouteStatsQuery): Promise<readonly RouteFigures[]> {
    return this.adapter.routeStats(resolveRouteStatsQuery(query))
  }

  busyMs(): number {
    return this.adapter.busyMs()
  }

  /** Removes what the limits name. @throws FilterError, StoreUnavailableError */
  async prune(limits: RetentionLimits): Promise<number> {
    if (limits.kind !== undefined) checkKind(limits.kind)
    this.#refuseWhenReading('remove records')
    return this.adapter.prune(limits)
  }

  /** Does one step of forgetting a user. @throws StoreUnavailableError, ReadOnlyError */
  async forgetUser(step: ForgetStep): Promise<ForgetProgress> {
    this.#refuseWhenReading('forget a user')
    // Records have it cut, as all their keys; groups count people by a digest of the whole.
    const isOfKind = (RECORD_KINDS as readonly string[]).includes(step.part)
    const user = storableText(step.user, isOfKind ? undefined : Number.POSITIVE_INFINITY)
    return this.adapter.forgetUser({ ...step, user })
  }

  #refuseWhenReading(what: string): void {
    if (this.#setup.readOnly) throw new ReadOnlyError(what)
  }
}
