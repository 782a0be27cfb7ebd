import {
  type AdapterContext,
  type AdapterTraits,
  type BucketQuery,
  type ChangedGroup,
  type ExpectedVersion,
  type FoundGroup,
  type FoundRow,
  type GroupChange,
  type GroupRules,
  type GroupSighting,
  type GroupState,
  PLAIN_TRAITS,
  type RecordKind,
  type Release,
  type ResolvedFilter,
  type ResolvedGroupFilter,
  type ResolvedTally,
  type RetentionLimits,
  type RouteFigures,
  type RouteStatsQuery,
  type StoreAdapter,
  type StoreRecord,
  type StoreSetup,
  type StoreSize,
  type Tally,
  type TimeBucket,
  type UnkeptVersion,
} from '@fastify-scs/store/adapter'
import { Database, type Session, type TransactionLimits } from './database.js'
import {
  ENGINE,
  readFault,
  SQLSTATE,
  sqlstateOf,
  startFault,
  unavailable,
  writeFault,
} from './fault.js'
import { changeGroup } from './groups/change.js'
import { GroupCount } from './groups/count.js'
import { findGroups } from './groups/find.js'
import { listReleases, noteReleases } from './groups/releases.js'
import { type PostgresStoreOptions, resolveOptions } from './options.js'
import { countBuckets, measureSize } from './read/counts.js'
import { findRows, getRow } from './read/find.js'
import { tallyRows } from './read/tally.js'
import { Retention } from './retention.js'
import { sumRouteStats } from './routes/sum.js'
import { indexDays, indexWords } from './schema/index-days.js'
import { checkSchema, migrate } from './schema/migrate.js'
import { type Partition, Partitions } from './schema/partitions.js'
import { parseTarget, type Target } from './target.js'
import { Comparison } from './write/compare-and-set.js'
import { insertDeadLetter, insertStatements, prepareBatch } from './write/insert.js'

/** How long a statement that reads may take when `open` was told nothing, in milliseconds. */
const DEFAULT_QUERY_TIMEOUT_MS = 5_000

/** Stores records in PostgreSQL 14 or newer, in tables partitioned by day; many instances may share one schema. */
export class PostgresStore implements StoreAdapter {
  readonly engine: string = ENGINE
  readonly traits: AdapterTraits
  readonly #target: Target
  readonly #database: Database
  readonly #partitions: Partitions
  readonly #limits: TransactionLimits
  readonly #retention: Retention
  #setup: Partial<StoreSetup> = {}
  #isClosed = false

  /**
   * Connects to nothing yet.
   *
   * @throws OptionsError, UrlError
   */
  constructor(url: string, options: PostgresStoreOptions = {}) {
    const resolved = resolveOptions(options)
    this.#target = parseTarget(url)
    this.#database = new Database(this.#target, resolved)
    this.#limits = { statementMs: resolved.statementTimeoutMs }
    this.#partitions = new Partitions(this.#database, this.#target, this.#limits)
    this.#retention = new Retention(this.#database, this.#target.quotedSchema, this.#partitions)
    this.traits = {
      ...PLAIN_TRAITS,
      maxConcurrentBatches: Math.floor(resolved.poolSize / 2),
      bodySearch: 'indexed',
    }
  }

  /** @throws UrlError, PermissionError, SchemaTooNewError, NotAStoreError, StoreUnavailableError */
  async open(setup: Partial<StoreSetup> = {}): Promise<void> {
    this.#setup = setup
    try {
      if (setup.readOnly === true) return await checkSchema(this.#database, this.#target)
      await migrate(this.#database, this.#target)
      if (this.#searchesBodies) await indexWords(this.#database, this.#target)
      await this.#partitions.ensureAhead()
    } catch (error) {
      throw startFault(error, this.#target)
    }
    void this.#indexDays()
  }

  close(withinMs?: number): Promise<void> {
    this.#isClosed = true
    return this.#database.close(withinMs)
  }

  /** @throws StoreUnavailableError, RecordRefusedError */
  async insert(batch: readonly StoreRecord[]): Promise<void> {
    const prepared = prepareBatch(batch, this.#searchesBodies)
    if (prepared.rows.size === 0) return
    const statements = insertStatements(this.#target.quotedSchema, prepared)
    await this.#write(prepared.partitions, () =>
      this.#database.sendTransaction(this.#limits, statements),
    )
  }

  /** @throws StoreUnavailableError, RecordRefusedError */
  async compareAndSet(versions: readonly ExpectedVersion[]): Promise<readonly UnkeptVersion[]> {
    const { quotedSchema } = this.#target
    const comparison = new Comparison(quotedSchema, versions, this.#searchesBodies)
    return this.#write(comparison.partitions, async () => {
      await this.#database.sendInTwo(this.#limits, comparison.lock(), () => comparison.set())
      return comparison.unkept()
    })
  }

  /** @throws StoreUnavailableError, RecordRefusedError */
  async insertDeadLetter(record: StoreRecord, reason: string): Promise<void> {
    try {
      await this.#database.transaction(this.#limits, (session) =>
        insertDeadLetter(session, this.#target.quotedSchema, record, reason),
      )
    } catch (error) {
      throw writeFault(error, this.#target)
    }
  }

  /** PostgreSQL's driver has no synchronous calls. */
  insertSync(_batches: readonly (readonly StoreRecord[])[], _deadlineMs: number): boolean {
    return false
  }

  /** @throws StoreUnavailableError */
  find(kind: RecordKind, query: ResolvedFilter): Promise<readonly FoundRow[]> {
    return this.#read((session) => findRows(session, this.#tableOf(kind), query))
  }

  /** @throws StoreUnavailableError */
  get(kind: RecordKind, id: string): Promise<FoundRow | undefined> {
    return this.#read((session) => getRow(session, this.#tableOf(kind), id))
  }

  /** @throws StoreUnavailableError */
  buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]> {
    return this.#read((session) => countBuckets(session, this.#tableOf(kind), query))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  groups(query: ResolvedGroupFilter): Promise<readonly FoundGroup[]> {
    return this.#read((session) => findGroups(session, this.#target.quotedSchema, query))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  tally(kind: RecordKind, query: ResolvedTally): Promise<Tally> {
    return this.#read((session) => tallyRows(session, this.#tableOf(kind), query))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  routeStats(query: RouteStatsQuery): Promise<readonly RouteFigures[]> {
    return this.#read((session) => sumRouteStats(session, this.#target.quotedSchema, query))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  releases(limit: number): Promise<readonly Release[]> {
    return this.#read((session) => listReleases(session, this.#target.quotedSchema, limit))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  async size(): Promise<StoreSize> {
    const { quotedSchema } = this.#target
    try {
      return await measureSize(this.#database, this.#readLimits, quotedSchema, this.#partitions)
    } catch (error) {
      throw readFault(error, this.#target, this.#readLimits.statementMs)
    }
  }

  /** How long its connections have waited for the server's answers: `Database.busyMs`. */
  busyMs(): number {
    return this.#database.busyMs
  }

  /** @throws StoreUnavailableError */
  countGroups(
    sightings: readonly GroupSighting[],
    rules: GroupRules,
  ): Promise<readonly GroupState[]> {
    return this.#change(async () => {
      const count = new GroupCount(this.#target.quotedSchema, sightings, rules)
      await this.#database.sendInTwo(this.#limits, count.lock(), () => count.keep())
      return count.states
    })
  }

  /** @throws StoreUnavailableError */
  changeGroup(fingerprint: string, change: GroupChange): Promise<ChangedGroup> {
    const { quotedSchema } = this.#target
    return this.#change(() =>
      changeGroup(this.#database, this.#limits, quotedSchema, fingerprint, change),
    )
  }

  /** @throws StoreUnavailableError */
  noteRelease(release: string, at: number): Promise<void> {
    const noted = { release, firstSeenAt: at, lastSeenAt: at }
    return this.#change(() =>
      this.#database.sendTransaction(this.#limits, [
        noteReleases(this.#target.quotedSchema, [noted]),
      ]),
    )
  }

  /** @throws StoreUnavailableError */
  prune(limits: RetentionLimits): Promise<number> {
    return this.#change(() => this.#retention.prune(limits))
  }

  get #searchesBodies(): boolean {
    return this.#setup.searchBodies === true
  }

  #tableOf(kind: RecordKind): string {
    return `${this.#target.quotedSchema}.${kind}`
  }

  /** Makes the days first that are written to; one that another instance has dropped meanwhile is made again. */
  async #write<Result>(
    partitions: readonly Partition[],
    write: () => Promise<Result>,
  ): Promise<Result> {
    const once = async () => {
      await this.#partitions.ensure(partitions)
      return write()
    }
    try {
      return await once().catch((error: unknown) => {
        if (sqlstateOf(error) !== SQLSTATE.checkViolation) throw error
        this.#partitions.forget()
        return once()
      })
    } catch (error) {
      throw writeFault(error, this.#target)
    }
  }

  /** In the background, since it reads every day; what is not done is left to the next start. */
  async #indexDays(): Promise<void> {
    try {
      await indexDays(this.#database, this.#target)
    } catch (error) {
      if (!this.#isClosed)
        this.#setup.log?.warn({ err: error }, 'the store could not index all of its days yet')
    }
  }

  /** Limits of a transaction that reads. */
  get #readLimits(): TransactionLimits {
    const { queryTimeoutMs = DEFAULT_QUERY_TIMEOUT_MS } = this.#setup
    return { statementMs: queryTimeoutMs, isReadOnly: true }
  }

  async #read<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const limits = this.#readLimits
    try {
      return await this.#database.transaction(limits, work)
    } catch (error) {
      throw readFault(error, this.#target, limits.statementMs)
    }
  }

  async #change<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw unavailable(error, this.#target)
    }
  }
}

/**
 * Makes the adapter for a `postgres://` URL; `@fastify-scs/store` calls it with the plugin's `adapterOptions`.
 *
 * @throws OptionsError, UrlError
 */
export function createStoreAdapter({ url, options }: AdapterContext): StoreAdapter {
  return new PostgresStore(url, options)
}
