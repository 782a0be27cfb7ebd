import {
  type AdapterContext,
  type AdapterTraits,
  type ChangedGroup,
  type ExpectedVersion,
  type ForgetProgress,
  type ForgetStep,
  type GroupChange,
  type GroupRules,
  type GroupSighting,
  type GroupState,
  PLAIN_TRAITS,
  type RetentionLimits,
  type StoreAdapter,
  type StoreRecord,
  type StoreSetup,
  type UnkeptVersion,
} from '@fastify-scs/store/adapter'
import { Database, type TransactionLimits } from './database.js'
import { ENGINE, SQLSTATE, sqlstateOf, startFault, unavailable, writeFault } from './fault.js'
import { forgetUser } from './forget-user.js'
import { changeGroup } from './groups/change.js'
import { GroupCount } from './groups/count.js'
import { noteReleases } from './groups/releases.js'
import { type PostgresStoreOptions, resolveOptions } from './options.js'
import { PostgresReads } from './read/postgres-reads.js'
import { Retention } from './retention.js'
import { indexDays, indexWords } from './schema/index-days.js'
import { checkSchema, migrate } from './schema/migrate.js'
import { type Partition, Partitions } from './schema/partitions.js'
import { parseTarget, type Target } from './target.js'
import { Comparison } from './write/compare-and-set.js'
import { insertDeadLetter, insertStatements, prepareBatch } from './write/insert.js'

/** Stores records in PostgreSQL 14 or newer, in tables partitioned by day; many instances may share one schema. */
export class PostgresStore extends PostgresReads implements StoreAdapter {
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
    const target = parseTarget(url)
    const database = new Database(target, resolved)
    const limits = { statementMs: resolved.statementTimeoutMs }
    const partitions = new Partitions(database, target, limits)
    super({ database, target, partitions })
    this.#target = target
    this.#database = database
    this.#limits = limits
    this.#partitions = partitions
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
    this.limitReads(setup.queryTimeoutMs)
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
  forgetUser(step: ForgetStep): Promise<ForgetProgress> {
    const { quotedSchema } = this.#target
    return this.#change(() =>
      this.#database.transaction(this.#limits, (session) =>
        forgetUser(session, quotedSchema, step),
      ),
    )
  }

  /** @throws StoreUnavailableError */
  prune(limits: RetentionLimits): Promise<number> {
    return this.#change(() => this.#retention.prune(limits))
  }

  get #searchesBodies(): boolean {
    return this.#setup.searchBodies === true
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
