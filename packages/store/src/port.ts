import type {
  DurationBucket,
  FoundRecord,
  GroupSighting,
  GroupState,
  GroupStatus,
  GrowthRules,
  RecordFilter,
  RecordKind,
  ReportKind,
  StoreRecord,
} from '@fastify-scs/core/kit/plain'
import type { ResolvedFilter } from './read/filter.js'
import type { FoundRow } from './record/row.js'

/** The records of one kind in one span of time; a span without records is left out. */
export interface TimeBucket {
  /** Start of the bucket, in milliseconds since 1970. */
  readonly at: number
  readonly count: number
  /**
   * Counts by the query's field; without one by the record's status, or its level where it has no status. Records that have none are
   * only in `count`.
   */
  readonly byStatus: { readonly [status: string]: number }
  /** Percentiles of `durationMs`, absent when no record of the bucket has one. */
  readonly durationMs?: {
    readonly p50: number
    readonly p95: number
    readonly p99: number
    readonly max: number
  }
}

/** Which buckets to count. */
export interface BucketQuery {
  /** Milliseconds since 1970, included. */
  readonly from: number
  /** Milliseconds since 1970, not included. */
  readonly to: number
  /** Width of a bucket in milliseconds, counted from `from`; at most 1,000 buckets are made. */
  readonly bucketMs: number
  readonly service?: string
  readonly status?: string
  readonly fingerprint?: string
  readonly route?: string
  /** What `byStatus` counts by. @default the status, or the level where there is no status */
  readonly by?: TallyField
}

/** What records can be counted by; `type` is the type of an audit event. */
export const TALLY_FIELDS = [
  'service',
  'route',
  'status',
  'statusCode',
  'fingerprint',
  'user',
  'type',
  'level',
  'release',
] as const

/** A field that records can be counted by. */
export type TallyField = (typeof TALLY_FIELDS)[number]

/** Counts the records of a kind by one field. */
export interface TallyQuery {
  readonly by: TallyField
  /** As in a filter; the span is 31 days at most. */
  readonly from: Date | string | number
  /** @default now */
  readonly to?: Date | string | number
  /** Values that are returned, those with the most records first; 1 to 100. @default 10 */
  readonly limit?: number
  /** Only records that match; it has no `from`, `to`, `text`, `cursor` and `limit`. */
  readonly where?: Omit<RecordFilter, 'from' | 'to' | 'text' | 'cursor' | 'limit'>
}

/** A query for `tally` that is checked. */
export interface ResolvedTally {
  /** Never `type`: that is the fingerprint of an audit event. */
  readonly by: Exclude<TallyField, 'type'>
  /** With `from` and `to`, without `text` and `after`. */
  readonly filter: ResolvedFilter
  readonly limit: number
}

/** How many records have a value. */
export interface TallyItem {
  /** A status code is a text too. */
  readonly value: string
  readonly count: number
  /** When the newest of them was made, in milliseconds since 1970. */
  readonly lastAt: number
}

/** The values with the most records. */
export interface Tally {
  /** Most records first, then by value. */
  readonly items: readonly TallyItem[]
  /** Records that have a value, those of values that are not returned too. */
  readonly total: number
}

/** A release of a service, as its instances have noted it. */
export interface Release {
  readonly release: string
  /** Milliseconds since 1970. */
  readonly firstSeenAt: number
  /** Milliseconds since 1970. */
  readonly lastSeenAt: number
}

/** A group of like errors as it is stored. */
export interface StoredGroup extends Omit<GroupState, 'isDue' | 'isRegression'> {
  /** The title of its last report; the fingerprint as long as no instance has given one. */
  readonly title: string
  readonly kind: ReportKind | null
  /** People who were affected, up to 1,000. */
  readonly users: number
  /** The release that it was seen in first, and in last. */
  readonly firstRelease: string | null
  readonly lastRelease: string | null
  /** Of a group that was resolved, or regressed since: the release that was to mend it; null for none. */
  readonly resolvedIn: string | null
  /** Milliseconds since 1970. */
  readonly resolvedAt: number | null
  /** Of a muted group: when it is open again, in milliseconds since 1970; null for never. */
  readonly mutedUntil: number | null
  /** Of a muted group: at how many occurrences since `firstSeenAt` it is open again; null for never. */
  readonly mutedUntilOccurrences: number | null
  /** Why it is muted. */
  readonly reason: string | null
  readonly assignee: string | null
  readonly note: string | null
  /** Grows with each change that somebody makes, and when it regresses or is no longer muted; 0 for none. */
  readonly revision: number
  /** Milliseconds since 1970. */
  readonly changedAt: number | null
  readonly changedBy: string | null
}

/** A group as it is found. */
export interface FoundGroup extends StoredGroup {
  /** The id of its newest report that is stored; null for none. */
  readonly sampleId: string | null
  /** Occurrences by time, oldest first, as the filter's `counts` asks; spans without any are left out. */
  readonly counts: readonly { readonly at: number; readonly count: number }[]
}

/** Which groups to find; everything given must hold. */
export interface GroupFilter {
  readonly fingerprint?: string
  /** One of them, when it is a list. */
  readonly status?: GroupStatus | readonly GroupStatus[]
  readonly kind?: ReportKind | readonly ReportKind[]
  /** Seen in this release first. */
  readonly firstRelease?: string
  readonly assignee?: string
  /** What the title contains, in whatever case. */
  readonly text?: string
  /** Seen at or after this time. */
  readonly seenFrom?: Date | string | number
  /** Seen for the first time at or after this time. */
  readonly newFrom?: Date | string | number
  /** @default 'lastSeen' */
  readonly order?: 'lastSeen' | 'firstSeen' | 'occurrences'
  readonly cursor?: string
  /** 1 to 200. @default 50 */
  readonly limit?: number
  /** The span and the width of the occurrences by time; the width is a multiple of an hour, which groups are counted by. @default none */
  readonly counts?: { readonly from: number; readonly to: number; readonly bucketMs: number }
}

/** A filter for groups that is checked, with its defaults. */
export interface ResolvedGroupFilter {
  readonly fingerprint: string | undefined
  readonly statuses: readonly GroupStatus[] | undefined
  readonly kinds: readonly ReportKind[] | undefined
  readonly firstRelease: string | undefined
  readonly assignee: string | undefined
  /** In lower case; the lower-case title must contain it. */
  readonly text: string | undefined
  /** Milliseconds since 1970. */
  readonly seenFrom: number | undefined
  readonly newFrom: number | undefined
  readonly order: 'lastSeen' | 'firstSeen' | 'occurrences'
  /** Only groups that come after this one: the value of what they are ordered by, and the fingerprint; both in descending order. */
  readonly after: { readonly value: number; readonly fingerprint: string } | undefined
  readonly limit: number
  readonly counts: GroupFilter['counts']
}

/** One page of groups. */
export interface GroupPage {
  readonly items: readonly FoundGroup[]
  readonly nextCursor?: string
}

/** What is changed of a group; a field that is not given stays. */
export interface GroupChange {
  /** The revision that the change was made from: with any other one nothing is changed. */
  readonly expected: number
  readonly by: string | null
  /** Milliseconds since 1970. */
  readonly at: number
  readonly status?: Exclude<GroupStatus, 'regressed'>
  /** With `resolved`: the release that mends it. @default the newest release that is known; null where none is */
  readonly resolvedIn?: string | null
  /** With `muted`: when it is open again, in milliseconds since 1970. @default null, never */
  readonly mutedUntil?: number | null
  /** With `muted`: after how many more occurrences it is open again. @default null, never */
  readonly mutedForOccurrences?: number | null
  /** With `muted`: why. */
  readonly reason?: string | null
  readonly assignee?: string | null
  readonly note?: string | null
}

/** What became of a change. */
export interface ChangedGroup {
  /** False when the group has another revision, or is not there. */
  readonly isChanged: boolean
  /** The group as it is stored now; undefined when it is not there. */
  readonly group: StoredGroup | undefined
}

/** Which calls of routes to sum up. */
export interface RouteStatsQuery {
  /** Milliseconds since 1970, included. */
  readonly from: number
  /** Milliseconds since 1970, not included; 31 days after `from` at most. */
  readonly to: number
  /** Only this route: `GET /orders/:id`. */
  readonly route?: string
  readonly service?: string
  /** Width of the spans of `over`, in milliseconds, from a minute; at most 1,000 spans. @default none */
  readonly bucketMs?: number
  /** What the routes are ordered by, the highest first. @default 'p95' */
  readonly order?: 'calls' | 'p95' | 'failed' | 'slow'
  /** Routes that are returned; 1 to 200. @default 50 */
  readonly limit?: number
}

/** Calls that were summed up. */
export interface CallFigures {
  readonly calls: number
  readonly failed: number
  readonly slow: number
  readonly stuck: number
  readonly aborted: number
  readonly meanMs: number
  readonly minMs: number
  readonly maxMs: number
  /** Upper bounds, at most an eighth too high. */
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Cumulative. */
  readonly buckets: readonly DurationBucket[]
}

/** The calls of one route. */
export interface RouteFigures extends CallFigures {
  /** `GET /orders/:id`. */
  readonly route: string
  /** By time, oldest first; empty where the query has no `bucketMs`. */
  readonly over: readonly (CallFigures & { readonly at: number })[]
}

/** A version of a record, and which stored version it is to replace. */
export interface ExpectedVersion {
  readonly record: StoreRecord
  /** The revision of the stored version that it was made from; undefined when none is to be stored. */
  readonly expected: number | undefined
}

/** A version that was not stored, and why. An adapter gives the stored version as a row; the store reads it as a record. */
export type UnkeptVersion<Found = FoundRow> =
  /** Another version is stored. */
  | { readonly reason: 'revision'; readonly id: string; readonly found: Found }
  /** The version that was to be replaced is no longer stored. */
  | { readonly reason: 'gone'; readonly id: string }
  /** Another record has its key. */
  | { readonly reason: 'key'; readonly id: string; readonly holderId: string }

/** A version that was not stored, with the stored one as a record. */
export type UnkeptRecord = UnkeptVersion<FoundRecord>

/** What a store holds. */
export interface StoreSize {
  readonly records: { readonly [Kind in RecordKind]: number }
  readonly deadLetters: number
  readonly bytes: number
}

/** What is to be removed. */
export interface RetentionLimits {
  /** Records made before this time are removed, in milliseconds since 1970. */
  readonly olderThan?: number
  /** The only kind that is removed by age, and nothing else with it. @default all kinds, dead letters and groups */
  readonly kind?: RecordKind
  /** The oldest records are removed until the store is not larger than this. */
  readonly maxBytes?: number
}

/** The part of a logger that an adapter uses. */
export interface StoreLog {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** How the application wants its store; an adapter is told when it is opened, and does of it what it can. */
export interface StoreSetup {
  /** Takes what the adapter does on its own account, such as to set a damaged file aside. */
  readonly log: StoreLog
  /**
   * How large the store may become, in bytes; false for no limit. `prune` keeps to it each minute. An adapter that fills faster
   * keeps to it while it writes, and the oldest records make room for new ones.
   */
  readonly maxBytes: number | false
  /** Whether the words of bodies are indexed as records are written, so that `text` finds them. */
  readonly searchBodies: boolean
  /** Nothing is written, not even a schema: the database must be there, with a schema that is known. */
  readonly readOnly: boolean
  /** A read that takes longer is ended, with `QueryTimeoutError`; in milliseconds. */
  readonly queryTimeoutMs: number
  /** Called with the number of records that made room for new ones. */
  onRemoved(records: number): void
}

/** What an adapter can do and which defaults it has. Begin with `PLAIN_TRAITS` and name what differs. */
export interface AdapterTraits {
  /** Batches that the store may send before the first of them is answered. */
  readonly maxConcurrentBatches: number
  /** The store's `maxBytes` when the application names none; false for no limit. */
  readonly defaultMaxBytes: number | false
  /** The folder for records that cannot be stored now; undefined for one in the working directory, named after the URL. */
  readonly outboxPath: string | undefined
  /** Whether `text` finds words of bodies: never, where `searchBodies` asked for an index of them, or always. */
  readonly bodySearch: 'never' | 'indexed' | 'always'
  /** Whether `insertSync` stores anything; it is not called where it does not. */
  readonly insertsSync: boolean
}

/** The traits of an adapter that has nothing special: one batch at a time, no size limit, no search in bodies, no synchronous insert. */
export const PLAIN_TRAITS: AdapterTraits = {
  maxConcurrentBatches: 1,
  defaultMaxBytes: false,
  outboxPath: undefined,
  bodySearch: 'never',
  insertsSync: false,
}

/** What an adapter writes. */
export interface StoreWriter {
  /**
   * Stores a whole batch or nothing of it. A record whose id is stored with the same or a higher revision is left as it is.
   *
   * @throws StoreUnavailableError when the database cannot be reached or is full (the batch is sent again later);
   *   RecordRefusedError when it refuses what a record says (the store halves the batch to find that record)
   */
  insert(batch: readonly StoreRecord[]): Promise<void>
  /**
   * Stores each version that can be stored as it is: a new record, with `expected` undefined; or one that replaces a stored
   * version of just the expected revision. A version whose key another record of its kind and service has is not stored. A call
   * has at most one version of each record. All that can be stored are stored together.
   *
   * @returns the versions that were not stored, and why; in any order
   * @throws as `insert`, and then none is stored
   */
  compareAndSet(versions: readonly ExpectedVersion[]): Promise<readonly UnkeptVersion[]>
  /** Stores a record that the database refuses as a dead letter, with the reason. It may be any JSON; an id is kept once. */
  insertDeadLetter(record: StoreRecord, reason: string): Promise<void>
  /**
   * Stores batches before it returns, for a process that is about to end; an adapter whose driver cannot do so returns false. A
   * record with stamps or a key is stored as a new record by `compareAndSet`; where another version is stored, both are merged
   * (`nextVersion`) if the driver can.
   *
   * @returns whether all of it was stored within the time; if not, the store keeps all of these batches for later
   */
  insertSync(batches: readonly (readonly StoreRecord[])[], deadlineMs: number): boolean
  /**
   * Adds sightings to their groups by `countSighting`, all of them or none, and tells how each group stands then, in the same
   * order. Two instances that count one group at the same time are answered one after the other. The sightings are checked, and
   * there is at least one; their fingerprints fit a key.
   */
  countGroups(
    sightings: readonly GroupSighting[],
    rules: GrowthRules,
  ): Promise<readonly GroupState[]>
  /** Changes a group by `changedGroup`, unless it has another revision. Instances that change or count one group take turns. */
  changeGroup(fingerprint: string, change: GroupChange): Promise<ChangedGroup>
  /** Notes that a release ran at a time; the first and the last of these times are kept. */
  noteRelease(release: string, at: number): Promise<void>
  /**
   * Removes what the limits name, and groups with all that was decided about them not seen since `olderThan`, in small pieces, and gives the space back; returns how
   * many records were removed. Returns 0 at once while another instance prunes.
   */
  prune(limits: RetentionLimits): Promise<number>
}

/** What an adapter reads; not on the main thread of the host where the driver is synchronous. Kinds and queries are checked. */
export interface StoreReader {
  /** The rows that match, newest first, then by id in descending order; `query.limit` of them at most. */
  find(kind: RecordKind, query: ResolvedFilter): Promise<readonly FoundRow[]>
  get(kind: RecordKind, id: string): Promise<FoundRow | undefined>
  /** The buckets that have records, oldest first. */
  buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]>
  /** Groups that match, in the filter's order, the highest first; `query.limit` of them at most. */
  groups(query: ResolvedGroupFilter): Promise<readonly FoundGroup[]>
  /** Counts records by a field. */
  tally(kind: RecordKind, query: ResolvedTally): Promise<Tally>
  /** Sums up the records of the kind `route_stats` by route. The percentiles are those of one histogram that had recorded all. */
  routeStats(query: RouteStatsQuery): Promise<readonly RouteFigures[]>
  /** The releases that were noted, the one that began last first; `limit` of them at most. */
  releases(limit: number): Promise<readonly Release[]>
  /** How many records of each kind and dead letters there are, and the bytes that the store takes. */
  size(): Promise<StoreSize>
}

/** A database behind a store. The store checks what it asks for, and makes records, pages and cursors of the rows. */
export interface StoreAdapter extends StoreWriter, StoreReader {
  /** `sqlite`, `postgres`, `memory`, for logs and statistics. */
  readonly engine: string
  readonly traits: AdapterTraits
  /**
   * Connects and brings the schema up to date.
   *
   * @throws a coded error that says what to do: a wrong URL, no server, no permission, a schema newer than the code
   */
  open(setup: StoreSetup): Promise<void>
  /**
   * Lets go of every resource; what is under way fails or is completed. May be called when `open` failed, and `open` may be
   * called again after it failed. With a time, in milliseconds, not much later.
   */
  close(withinMs?: number): Promise<void>
  /** How long the adapter's own threads, or its database for it, have been at work since it was opened, in milliseconds; 0 for none. */
  busyMs(): number
}

/** What the plugin hands to an adapter's package. */
export interface AdapterContext {
  /** The URL as the application gave it. */
  readonly url: string
  /** The plugin's `adapterOptions`, unchecked: the adapter's package knows them. */
  readonly options: { readonly [name: string]: unknown }
  readonly log: StoreLog
}

/** What an adapter's package exports as `createStoreAdapter`. @throws OptionsError, UrlError */
export type CreateStoreAdapter = (context: AdapterContext) => StoreAdapter
