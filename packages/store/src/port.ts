import type {
  FoundRecord,
  RecordFilter,
  RecordKind,
  RecordPage,
  StoreCounter,
  StoreRecord,
} from '@fastify-scs/core/kit'

export type {
  FoundRecord,
  GroupSighting,
  GroupState,
  GrowthRules as GroupRules,
  RecordFilter,
  RecordPage,
  StoreCounter,
} from '@fastify-scs/core/kit'
export {
  type Importance,
  RECORD_KINDS,
  type RecordKeys,
  type RecordKind,
  type StoreRecord,
} from '@fastify-scs/core/kit'

/** Counts and durations of one kind by time bucket; a bucket without records is left out. */
export interface TimeBucket {
  /** Start of the bucket, in milliseconds since 1970. */
  readonly at: number
  readonly count: number
  /** Counts by the record's status, or its level; records with neither are only in `count`. */
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
  readonly from: number
  readonly to: number
  /** Width of a bucket in milliseconds, counted from `from`; at most 1,000 buckets are made. */
  readonly bucketMs: number
  readonly service?: string
}

/** A version of a record, and which one it is to replace. */
export interface ExpectedVersion {
  readonly record: StoreRecord
  /** The revision of the version that it was made of; undefined when there is to be none. */
  readonly expected: number | undefined
}

/** A version that was not kept, and why. */
export type UnkeptVersion =
  /** Another version is there. */
  | { readonly reason: 'revision'; readonly id: string; readonly found: FoundRecord }
  /** The version that was to be replaced is not there any more. */
  | { readonly reason: 'gone'; readonly id: string }
  /** Another record has its key. */
  | { readonly reason: 'key'; readonly id: string; readonly holderId: string }

/** Writes batches. */
export interface StoreWriter {
  /**
   * Keeps a whole batch or nothing of it. A record whose id is there with the same or a higher revision is left as it is.
   *
   * @throws StoreUnavailableError when the database cannot be reached or is full (tried again later);
   *   RecordRefusedError when it refuses what a record says (the caller halves the batch to find it)
   */
  insert(batch: readonly StoreRecord[]): Promise<void>
  /**
   * Keeps each version that can be kept as it is: one whose record is not there, with `expected` undefined; or one whose record
   * is there with just the revision that is expected, which it replaces. A version whose key another record of its kind and
   * service has is not kept. Of one record there is one version at most. All that are kept are kept together.
   *
   * @returns those that are not kept, and why; in whatever order
   * @throws as `insert`, and then none is kept
   */
  compareAndSet(versions: readonly ExpectedVersion[]): Promise<readonly UnkeptVersion[]>
  /** Puts a record that the database refuses aside, with the reason; it is JSON data, and of no certain shape. Once per id. */
  bury(record: StoreRecord, reason: string): Promise<void>
}

/** Reads, never on the main thread of the host where the driver is synchronous. */
export interface StoreReader {
  find(kind: RecordKind, filter: RecordFilter): Promise<RecordPage>
  get(kind: RecordKind, id: string): Promise<FoundRecord | undefined>
  buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]>
  /** How many records of each kind there are, dead letters, and the bytes that the store takes. */
  size(): Promise<StoreSize>
}

/** What a store holds. */
export interface StoreSize {
  readonly records: { readonly [Kind in RecordKind]: number }
  readonly deadLetters: number
  readonly bytes: number
}

/** What is to go. */
export interface RetentionLimits {
  /** Records made before this time go, in milliseconds since 1970. */
  readonly olderThan?: number
  /** The only kind that goes by age, nothing else with it. @default all kinds, dead letters and groups */
  readonly kind?: RecordKind
  /** The oldest records go until the store is not larger than this. */
  readonly maxBytes?: number
}

/** Removes what is old, in small pieces, one instance at a time. */
export interface StoreKeeper {
  /**
   * Removes what the limits name, and groups not seen since `olderThan`, and gives the space back; returns how many records
   * went. Does nothing, with 0, while another instance is at it.
   */
  prune(limits: RetentionLimits): Promise<number>
}

/** A database behind a store. */
export interface StoreAdapter extends StoreWriter, StoreReader, StoreKeeper, StoreCounter {
  /** `sqlite`, `postgres`, `memory`, for logs and statistics. */
  readonly engine: string
  /** Batches that may be under way at once. @default 1 */
  readonly maxConcurrentBatches?: number
  /** The `maxBytes` of a store whose options name none, in bytes. @default no limit */
  readonly defaultMaxBytes?: number
  /** The folder for records that cannot be written now. @default one in the working directory, named after the URL */
  readonly outboxPath?: string
  /**
   * Says, before `open`, what the store may take, in bytes: an adapter that has this keeps to it while it writes, the oldest
   * records going for new ones, and calls back with how many went. Absent where the next `prune` comes soon enough.
   */
  keepWithin?(maxBytes: number, onRemoved: (records: number) => void): void
  /**
   * Says, before `open`, that `text` is to find words of the bodies too: of `data`, `output` and `error` of an integration request,
   * the first `SEARCHED_CHARS` characters together. Absent where bodies are looked through anyway, or cannot be.
   */
  searchBodies?(): void
  /** Says, before `open`, where the adapter may tell what it does by itself, such as to put a damaged file aside. */
  logTo?(log: StoreLog): void
  /**
   * Connects and brings the schema up to date.
   *
   * @throws a coded error that says what to do: a wrong URL, no server, no permission, a schema newer than the code
   */
  open(): Promise<void>
  /**
   * Lets go of every resource, and what is under way fails or is done; may be called when `open` failed, and `open` may be called
   * again after it failed. With a time, in milliseconds, not much later.
   */
  close(withinMs?: number): Promise<void>
  /**
   * Writes batches before it returns, for a process that is about to end; absent where the driver cannot. A record with stamps or a
   * key is kept as by `compareAndSet`, as one whose record is not there; where another version is, both are merged (`nextVersion`) if
   * the driver can.
   * Returns whether everything was written within the time; not when a version was not kept. The caller then keeps all of these
   * batches for later, and what was written nevertheless is merged with itself.
   */
  insertSync?(batches: readonly (readonly StoreRecord[])[], deadlineMs: number): boolean
}

/** The part of a logger that an adapter uses. */
export interface StoreLog {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
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
