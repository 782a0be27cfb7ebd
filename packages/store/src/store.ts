import type { RecordKind, RecordStore } from '@fastify-scs/core/kit'
import type {
  BucketQuery,
  ChangedGroup,
  ForgetUserOptions,
  ForgottenUser,
  GroupChange,
  GroupFilter,
  GroupPage,
  Release,
  RouteFigures,
  RouteStatsQuery,
  StoreSize,
  Tally,
  TallyQuery,
  TimeBucket,
} from './port.js'
import type { WriteCounts } from './writer/write-counts.js'

export type { RecordKey } from '@fastify-scs/core/kit'

/** What the plugin decorates the app with, as `app.scsStore`. */
export interface Store extends RecordStore {
  /**
   * Finds records, newest first, a page at a time. What waits is stored first, for which it waits a second at most; `waiting` of
   * the page says how many records could not be stored.
   *
   * @throws SCS_STORE_ERR_FILTER when the filter is wrong; SCS_STORE_ERR_UNAVAILABLE
   */
  find: RecordStore['find']

  /**
   * Gets one record by its id, or by the key that it has in its service. What this process has written and is not stored yet is
   * merged with what is stored; while the database is away, only what waits in memory is returned.
   *
   * @throws SCS_STORE_ERR_UNAVAILABLE when the database is away and nothing of the record waits; SCS_STORE_ERR_FILTER when the key is
   *   no text or has no service
   */
  get: RecordStore['get']

  /**
   * Counts records, and percentiles of their durations, by time. As for all that counts, what waits is stored first, for which it waits a
   * second at most.
   *
   * @throws SCS_STORE_ERR_FILTER when the query is wrong; SCS_STORE_ERR_UNAVAILABLE
   */
  buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]>

  /** Finds groups of like errors, a page at a time. @throws SCS_STORE_ERR_FILTER, SCS_STORE_ERR_UNAVAILABLE, SCS_STORE_ERR_QUERY_TIMEOUT */
  groups(filter?: GroupFilter): Promise<GroupPage>

  /**
   * Resolves, mutes or opens a group, or changes its assignee or note, unless somebody else has changed it since.
   *
   * @throws SCS_STORE_ERR_FILTER, SCS_STORE_ERR_UNAVAILABLE, SCS_STORE_ERR_READ_ONLY
   */
  changeGroup(fingerprint: string, change: GroupChange): Promise<ChangedGroup>

  /**
   * Removes what the store has of a user, or makes it anonymous: the records whose `user` it is, the user among the people of groups, and
   * dead letters. What waits in this process is stored first. It works in short steps; a call that fails leaves what it did, and the next
   * call goes on. Says in an audit event, `user-forgotten`, what it did, without the user.
   *
   * @throws SCS_STORE_ERR_FILTER, SCS_STORE_ERR_UNAVAILABLE, SCS_STORE_ERR_READ_ONLY
   */
  forgetUser(user: string, options?: ForgetUserOptions): Promise<ForgottenUser>

  /** Counts the records of a kind by one field. @throws as `groups` */
  tally(kind: RecordKind, query: TallyQuery): Promise<Tally>

  /** Sums up the calls of routes, as slow-call has counted them. @throws as `groups` */
  routeStats(query: RouteStatsQuery): Promise<readonly RouteFigures[]>

  /** The releases that were noted, the one that began last first. @throws as `groups` */
  releases(limit?: number): Promise<readonly Release[]>

  /** What is stored, what waits, and what has become of the records; answers while the database does not. */
  stats(): Promise<StoreStats>

  /** Stores what waits; true once all that was written before is stored, false when the database does not take it. */
  flush(): Promise<boolean>
}

/** The state of a store. */
export interface StoreStats extends WriteCounts {
  readonly engine: string
  /** Whether the database takes records. */
  readonly isAvailable: boolean
  readonly isReadOnly: boolean
  /** How long the adapter's own threads, or its database for it, have been at work since it was opened, in milliseconds. */
  readonly busyMs: number
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
  /** Time from `write` to commit, of the oldest record of the batch that was stored last, in milliseconds. */
  readonly lagMs: number
  /** What the files of the outbox take, in bytes. */
  readonly outboxBytes: number
  /** Records that retention has removed. */
  readonly pruned: number
}
