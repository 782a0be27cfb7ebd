import {
  type AdapterContext,
  type AdapterTraits,
  type BucketQuery,
  type ExpectedVersion,
  type FoundRow,
  type GroupRules,
  type GroupSighting,
  type GroupState,
  PLAIN_TRAITS,
  type RecordKind,
  type ResolvedFilter,
  type RetentionLimits,
  type StoreAdapter,
  type StoreRecord,
  type StoreSetup,
  type StoreSize,
  type TimeBucket,
  type UnkeptVersion,
} from '@fastify-scs/store/adapter'
import { Database, type Session, type TransactionLimits } from './database.js'
import { ENGINE, SQLSTATE, sqlstateOf, startFault, unavailable, writeFault } from './fault.js'
import { countGroups } from './groups.js'
import { type PostgresStoreOptions, resolveOptions } from './options.js'
import { countBuckets, measureSize } from './read/counts.js'
import { findRows, getRow } from './read/find.js'
import { Retention } from './retention.js'
import { indexDays, indexWords } from './schema/index-days.js'
import { migrate } from './schema/migrate.js'
import { type Partition, Partitions } from './schema/partitions.js'
import { parseTarget, type Target } from './target.js'
import { Comparison } from './write/compare-and-set.js'
import { insertDeadLetter, insertStatements, prepareBatch } from './write/insert.js'

/** Stores records in PostgreSQL 14 or newer, in tables partitioned by day; many instances may share one schema. */
export class PostgresStore implements StoreAdapter {
  readonly engine: string = ENGINE
  readonly traits: AdapterTraits
  readonly #target: Target
  readonly #database: Database
  readonly #partitions: Partitions
  readonly #limits: TransactionLimits
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
      await this.#session((session) =>
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
    return this.#try((session) => findRows(session, this.#tableOf(kind), query))
  }

  /** @throws StoreUnavailableError */
  get(kind: RecordKind, id: string): Promise<FoundRow | undefined> {
    return this.#try((session) => getRow(session, this.#tableOf(kind), id))
  }

  /** @throws StoreUnavailableError */
  buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]> {
    return this.#try((session) => countBuckets(session, this.#tableOf(kind), query))
  }

  /** @throws StoreUnavailableError */
  async size(): Promise<StoreSize> {
    try {
      return await measureSize(
        this.#database,
        this.#limits,
        this.#target.quotedSchema,
        this.#partitions,
      )
    } catch (error) {
      throw unavailable(error, this.#target)
    }
  }

  /** @throws StoreUnavailableError */
  countGroups(
    sightings: readonly GroupSighting[],
    rules: GroupRules,
  ): Promise<readonly GroupState[]> {
    return this.#try((session) => countGroups(session, this.#target.quotedSchema, sightings, rules))
  }

  /** @throws StoreUnavailableError */
  async prune(limits: RetentionLimits): Promise<number> {
    try {
      const retention = new Retention(this.#database, this.#target.quotedSchema, this.#partitions)
      return await retention.prune(limits)
    } catch (error) {
      throw unavailable(error, this.#target)
    }
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

  async #try<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    try {
      return await this.#session(work)
    } catch (error) {
      throw unavailable(error, this.#target)
    }
  }

  #session<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(this.#limits, work)
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
