import type { RecordKey } from '@fastify-scs/core/kit'
import type {
  BucketQuery,
  FoundRecord,
  GroupRules,
  GroupSighting,
  GroupState,
  RecordFilter,
  RecordKind,
  RecordPage,
  StoreRecord,
  StoreSize,
  TimeBucket,
} from './port.js'
import type { WriteCounts } from './writer/write-counts.js'

export type { RecordKey } from '@fastify-scs/core/kit'

/** What the plugin decorates the app with, as `app.scsStore`. */
export interface Store {
  /**
   * `process`: a record is in a file when `write` returns, so that not even `kill -9` loses it. Who gathers records before they
   * are written hands each of them over at once in this mode.
   */
  readonly durability: 'default' | 'process'

  /** Takes a record to be stored within milliseconds; never throws, never waits. The record must not change afterwards. */
  write(record: StoreRecord): void

  /**
   * Finds records, newest first, a page at a time. What waits is stored before, within a second; `waiting` of the page says how
   * many could not be.
   *
   * @throws SCS_STORE_ERR_FILTER when the filter is wrong; SCS_STORE_ERR_UNAVAILABLE
   */
  find(kind: RecordKind, filter?: RecordFilter): Promise<RecordPage>

  /**
   * Gets one record by its id, or by the key that it has in its service. What this process has written and what waits to be stored
   * is merged with what is stored; while the database is away, what waits is all there is to know.
   *
   * @throws SCS_STORE_ERR_UNAVAILABLE when the database is away and nothing of the record waits; SCS_STORE_ERR_FILTER when the key is
   *   no text or has no service
   */
  get(kind: RecordKind, id: string | RecordKey): Promise<FoundRecord | undefined>

  /**
   * Counts records, and percentiles of their durations, by time.
   *
   * @throws SCS_STORE_ERR_FILTER when the query is wrong; SCS_STORE_ERR_UNAVAILABLE
   */
  buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]>

  /** What is stored, what waits and what has become of the records; works while the database does not. */
  stats(): Promise<StoreStats>

  /** Sends what waits; true once all that was written before is stored, false when the database does not take it. */
  flush(): Promise<boolean>

  /**
   * Calls back when the process ends (`process.exit`, an uncaught exception, a signal that nobody handles), before what waits is
   * stored for the last time, so that whoever holds records back can write them. The callback must be synchronous; what it
   * throws is logged. The function that is returned ends it.
   */
  beforeLastFlush(callback: () => void): () => void

  /**
   * Counts groups of like reports together with all instances that share the database, and says whose turn it is to report.
   *
   * @throws SCS_STORE_ERR_FILTER when a sighting or a rule is wrong; SCS_STORE_ERR_UNAVAILABLE, at once while the database
   *   is known to be away
   */
  countGroups(
    sightings: readonly GroupSighting[],
    rules: GroupRules,
  ): Promise<readonly GroupState[]>

  /** Removes old records now, of all kinds or of one; returns how many. 0 also while another instance does it. @throws SCS_STORE_ERR_UNAVAILABLE */
  prune(limits: { readonly olderThanDays: number; readonly kind?: RecordKind }): Promise<number>
}

/** The state of a store. */
export interface StoreStats extends WriteCounts {
  readonly engine: string
  /** Whether the database takes records. */
  readonly isAvailable: boolean
  /** What the database holds; absent while it is not available. */
  readonly stored?: StoreSize
  readonly queue: {
    /** Records in memory that are not stored yet. */
    readonly records: number
    /** What they take, in bytes; an estimate, at most. */
    readonly bytes: number
    readonly batchesInFlight: number
    /** How long the oldest of them has waited, in milliseconds. */
    readonly oldestAgeMs: number
  }
  /** From write to commit, of the batch that was stored last, in milliseconds. */
  readonly lagMs: number
  /** What the files of the outbox take, in bytes. */
  readonly outboxBytes: number
  /** Records that retention has removed. */
  readonly pruned: number
}
