import type {
  BucketQuery,
  FoundGroup,
  FoundRow,
  RecordKind,
  Release,
  ResolvedFilter,
  ResolvedGroupFilter,
  ResolvedTally,
  RouteFigures,
  RouteStatsQuery,
  StoreReader,
  StoreSize,
  Tally,
  TimeBucket,
} from '@fastify-scs/store/adapter'
import type { Database, Session, TransactionLimits } from '../database.js'
import { readFault } from '../fault.js'
import { findGroups } from '../groups/find.js'
import { listReleases } from '../groups/releases.js'
import { sumRouteStats } from '../routes/sum.js'
import type { Partitions } from '../schema/partitions.js'
import type { Target } from '../target.js'
import { countBuckets, measureSize } from './counts.js'
import { findRows, getRow } from './find.js'
import { tallyRows } from './tally.js'

/** How long a statement that reads may take when nothing is said, in milliseconds. */
const DEFAULT_QUERY_TIMEOUT_MS = 5_000

/** What is read from. */
interface Source {
  readonly database: Database
  readonly target: Target
  readonly partitions: Partitions
}

/** All that is read, each call in a transaction that cannot write; the server ends what takes too long. */
export class PostgresReads implements StoreReader {
  readonly #source: Source
  #limits: TransactionLimits = { statementMs: DEFAULT_QUERY_TIMEOUT_MS, isReadOnly: true }

  constructor(source: Source) {
    this.#source = source
  }

  /** Sets how long a statement may take, in milliseconds. */
  protected limitReads(queryTimeoutMs: number = DEFAULT_QUERY_TIMEOUT_MS): void {
    this.#limits = { statementMs: queryTimeoutMs, isReadOnly: true }
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  find(kind: RecordKind, query: ResolvedFilter): Promise<readonly FoundRow[]> {
    return this.#read((session) => findRows(session, this.#tableOf(kind), query))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  get(kind: RecordKind, id: string): Promise<FoundRow | undefined> {
    return this.#read((session) => getRow(session, this.#tableOf(kind), id))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]> {
    return this.#read((session) => countBuckets(session, this.#tableOf(kind), query))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  groups(query: ResolvedGroupFilter): Promise<readonly FoundGroup[]> {
    return this.#read((session) => findGroups(session, this.#schema, query))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  tally(kind: RecordKind, query: ResolvedTally): Promise<Tally> {
    return this.#read((session) => tallyRows(session, this.#tableOf(kind), query))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  routeStats(query: RouteStatsQuery): Promise<readonly RouteFigures[]> {
    return this.#read((session) => sumRouteStats(session, this.#schema, query))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  releases(limit: number): Promise<readonly Release[]> {
    return this.#read((session) => listReleases(session, this.#schema, limit))
  }

  /** @throws StoreUnavailableError, QueryTimeoutError */
  size(): Promise<StoreSize> {
    const { database, partitions } = this.#source
    return this.#ended(() => measureSize(database, this.#limits, this.#schema, partitions))
  }

  get #schema(): string {
    return this.#source.target.quotedSchema
  }

  #tableOf(kind: RecordKind): string {
    return `${this.#schema}.${kind}`
  }

  #read<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.#ended(() => this.#source.database.transaction(this.#limits, work))
  }

  async #ended<Result>(work: () => Promise<Result>): Promise<Result> {
    const { statementMs } = this.#limits
    try {
      return await work()
    } catch (error) {
      throw readFault(error, this.#source.target, statementMs)
    }
  }
}
