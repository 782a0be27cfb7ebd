import type {
  FoundRecord,
  GroupSighting,
  GroupState,
  GrowthRules,
  RecordKind,
  StoreRecord,
} from '@fastify-scs/core/kit/plain'
import type {
  BucketQuery,
  ResolvedTally,
  RouteFigures,
  RouteStatsQuery,
  Tally,
  TimeBucket,
} from './port/figures.js'
import type { ForgetProgress, ForgetStep } from './port/forget.js'
import type {
  ChangedGroup,
  FoundGroup,
  GroupChange,
  Release,
  ResolvedGroupFilter,
} from './port/groups.js'
import type { ResolvedFilter } from './read/filter.js'
import type { FoundRow } from './record/row.js'

export type * from './port/examination.js'
export * from './port/figures.js'
export type * from './port/forget.js'
export type * from './port/groups.js'

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
   * Removes what the limits name, in small pieces, and gives the space back; with `olderThan` also the groups that were not seen since, with
   * all that was decided about them. Returns how many records were removed; 0 at once while another instance prunes.
   */
  prune(limits: RetentionLimits): Promise<number>
  /**
   * Does one step of forgetting a user: removes records and dead letters whose `user` key it is, takes the user out of the people of
   * groups, out of their assignees and of who changed them. Each step is short, and holds no lock when it ends; the store calls until a
   * step is done. With the part `traces`, what removed rows leave in the database's own files is removed as far as it can be.
   */
  forgetUser(step: ForgetStep): Promise<ForgetProgress>
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
