import { resolve } from 'node:path'
import type {
  AdapterTraits,
  BucketQuery,
  ChangedGroup,
  CreateStoreAdapter,
  ExpectedVersion,
  FoundGroup,
  FoundRow,
  GroupChange,
  GroupRules,
  GroupSighting,
  GroupState,
  RecordKind,
  Release,
  ResolvedFilter,
  ResolvedGroupFilter,
  ResolvedTally,
  RetentionLimits,
  RouteFigures,
  RouteStatsQuery,
  StoreAdapter,
  StoreRecord,
  StoreSetup,
  StoreSize,
  Tally,
  TimeBucket,
  UnkeptVersion,
} from '@fastify-scs/store'
import { ENGINE } from './failure.js'
import { ownFiles } from './file/file-place.js'
import { pathOf, resolveOptions, type SqliteStoreOptions } from './options.js'
import { packed } from './threads/packed-record.js'
import { PartedBatch } from './threads/parted-batch.js'
import type { Notice, ReaderCall, WriterCall } from './threads/protocol.js'
import type { WorkerLine } from './threads/worker-line.js'
import { WorkerSlot } from './threads/worker-slot.js'

const DEFAULT_MAX_BYTES = 1_073_741_824
/** Twice what shares a transaction, so that the worker has the next batches when it has done some. */
const MAX_CONCURRENT_BATCHES = 16
/** Up to this many batches under way, each is copied in parts. */
const CALM_BATCHES = 2

/** Keeps records in one SQLite file: a worker thread writes it, another one reads it, once something is read. */
export class SqliteStore implements StoreAdapter {
  readonly engine: string = ENGINE
  readonly traits: AdapterTraits
  readonly #path: string
  readonly #writer: WorkerSlot<WriterCall>
  readonly #reader: WorkerSlot<ReaderCall>
  #lastKey = 0
  #underWay = 0
  /** The batch that was posted last, perhaps not all of it yet. */
  #parted: PartedBatch | undefined
  #setup: Partial<StoreSetup> = {}

  /** @throws OptionsError */
  constructor(options: SqliteStoreOptions) {
    const resolved = resolveOptions(options)
    const start = { ...resolved, path: resolve(resolved.path) }
    this.#path = start.path
    this.traits = {
      maxConcurrentBatches: MAX_CONCURRENT_BATCHES,
      defaultMaxBytes: DEFAULT_MAX_BYTES,
      outboxPath: `${start.path}.outbox`,
      bodySearch: 'indexed',
      insertsSync: true,
    }
    const onNotice = ({ details, message }: Notice) => this.#setup.log?.error(details, message)
    this.#writer = new WorkerSlot('writer', start, onNotice)
    this.#reader = new WorkerSlot('reader', start, onNotice)
  }

  /**
   * Keeps the file to `maxBytes` while it is written, and the words of bodies in an index where they are to be searched; logs that
   * a damaged file was set aside or a file mode narrowed.
   *
   * @throws DriverMissingError, WorkerMissingError, UrlError, PermissionError, NotAStoreError, SchemaTooNewError,
   *   StoreUnavailableError; SCS_ERR_SYMBOLIC_LINK of core
   */
  async open(setup: Partial<StoreSetup> = {}): Promise<void> {
    this.#setup = setup
    const { maxBytes = false, searchBodies = false } = setup
    ownFiles(this.#path, setup.log)
    this.#reader.open({ searchBodies })
    this.#writer.open({ searchBodies, ...(maxBytes === false ? {} : { maxBytes }) })
    await this.#writer.line()
  }

  async close(withinMs?: number): Promise<void> {
    await Promise.all([
      this.#reader.close({ call: 'close' }, withinMs),
      this.#writer.close({ call: 'close' }, withinMs),
    ])
  }

  async insert(batch: readonly StoreRecord[]): Promise<void> {
    const writer = this.#writer.running ?? (await this.#writer.line())
    this.#parted?.finish()
    const parted = new PartedBatch(writer, ++this.#lastKey, batch)
    this.#parted = parted
    this.#underWay++
    // With more under way the worker is the bottleneck, and each part would wake it once more.
    if (this.#underWay > CALM_BATCHES) parted.finish()
    else parted.begin()
    try {
      await parted.answer
    } finally {
      this.#underWay--
      if (this.#parted === parted) this.#parted = undefined
    }
    this.#countRemoved(writer)
  }

  async compareAndSet(versions: readonly ExpectedVersion[]): Promise<readonly UnkeptVersion[]> {
    const writer = this.#writer.running ?? (await this.#writer.line())
    // What was inserted before is stored before.
    this.#parted?.finish()
    const sent = versions.map(({ record, expected }) => ({ record: packed(record), expected }))
    const unkept = await writer.ask({ call: 'compareAndSet', versions: sent })
    this.#countRemoved(writer)
    return unkept as readonly UnkeptVersion[]
  }

  insertSync(batches: readonly (readonly StoreRecord[])[], deadlineMs: number): boolean {
    const writer = this.#writer.running
    if (writer === undefined) return false
    const failedBefore = writer.failedBatches
    for (const batch of batches)
      writer.postBatch({ call: 'insert', batch: batch.map(packed), mergesVersions: true })
    return writer.waitUntilThrough(deadlineMs) && writer.failedBatches === failedBefore
  }

  async insertDeadLetter(record: StoreRecord, reason: string): Promise<void> {
    const writer = await this.#writer.line()
    await writer.ask({ call: 'insertDeadLetter', record: packed(record), reason })
  }

  async countGroups(
    sightings: readonly GroupSighting[],
    rules: GroupRules,
  ): Promise<readonly GroupState[]> {
    const writer = await this.#writer.line()
    return (await writer.ask({ call: 'countGroups', sightings, rules })) as readonly GroupState[]
  }

  async changeGroup(fingerprint: string, change: GroupChange): Promise<ChangedGroup> {
    const writer = await this.#writer.line()
    return (await writer.ask({ call: 'changeGroup', fingerprint, change })) as ChangedGroup
  }

  async noteRelease(release: string, at: number): Promise<void> {
    const writer = await this.#writer.line()
    await writer.ask({ call: 'noteRelease', release, at })
  }

  async prune(limits: RetentionLimits): Promise<number> {
    const writer = await this.#writer.line()
    return (await writer.ask({ call: 'prune', limits })) as number
  }

  async find(kind: RecordKind, query: ResolvedFilter): Promise<readonly FoundRow[]> {
    return (await this.#read({ call: 'find', kind, query })) as readonly FoundRow[]
  }

  async get(kind: RecordKind, id: string): Promise<FoundRow | undefined> {
    return (await this.#read({ call: 'get', kind, id })) as FoundRow | undefined
  }

  async buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]> {
    return (await this.#read({ call: 'buckets', kind, query })) as readonly TimeBucket[]
  }

  async groups(query: ResolvedGroupFilter): Promise<readonly FoundGroup[]> {
    return (await this.#read({ call: 'groups', query })) as readonly FoundGroup[]
  }

  async tally(kind: RecordKind, query: ResolvedTally): Promise<Tally> {
    return (await this.#read({ call: 'tally', kind, query })) as Tally
  }

  async routeStats(query: RouteStatsQuery): Promise<readonly RouteFigures[]> {
    return (await this.#read({ call: 'routeStats', query })) as readonly RouteFigures[]
  }

  async releases(limit: number): Promise<readonly Release[]> {
    return (await this.#read({ call: 'releases', limit })) as readonly Release[]
  }

  busyMs(): number {
    return 0
  }

  async size(): Promise<StoreSize> {
    return (await this.#read({ call: 'size' })) as StoreSize
  }

  #countRemoved(writer: WorkerLine<WriterCall>): void {
    const removed = writer.takeRemoved()
    if (removed > 0) this.#setup.onRemoved?.(removed)
  }

  async #read(call: ReaderCall): Promise<unknown> {
    // The writer makes the file and its schema.
    if (this.#writer.running === undefined) await this.#writer.line()
    return (await this.#reader.line()).ask(call)
  }
}

/** Makes the adapter of a `sqlite:` URL; the store plugin calls it. @throws UrlError, OptionsError */
export const createStoreAdapter: CreateStoreAdapter = ({ url, options }) => {
  // The constructor checks what the application gave.
  const given: Partial<SqliteStoreOptions> = options
  return new SqliteStore({ ...given, path: pathOf(url) })
}
