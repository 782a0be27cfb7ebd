import { resolve } from 'node:path'
import type {
  AdapterTraits,
  BucketQuery,
  ChangedGroup,
  CreateStoreAdapter,
  ExpectedVersion,
  ForgetProgress,
  ForgetStep,
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
import { ReadLane } from './reader/read-lane.js'
import { mayTakeLong } from './reader/read-lanes.js'
import { packed } from './threads/packed-record.js'
import { PartedBatch } from './threads/parted-batch.js'
import type { Notice, ReaderCall, WriterCall } from './threads/protocol.js'
import type { WorkerLine } from './threads/worker-line.js'
import { WorkerSlot } from './threads/worker-slot.js'

const DEFAULT_QUERY_TIMEOUT_MS = 5_000
const DEFAULT_MAX_BYTES = 1_073_741_824
/** Twice what shares a transaction, so that the worker has the next batches when it has done some. */
const MAX_CONCURRENT_BATCHES = 16
/** Up to this many batches under way, each is copied in parts. */
const CALM_BATCHES = 2

/** Keeps records in one SQLite file: a worker thread writes it; others read it, once something is read. */
export class SqliteStore implements StoreAdapter {
  readonly engine: string = ENGINE
  readonly traits: AdapterTraits
  readonly #path: string
  readonly #writer: WorkerSlot<WriterCall>
  /** For reads that are over at once, and for those that may take long. */
  readonly #readers: readonly [quick: WorkerSlot<ReaderCall>, slow: WorkerSlot<ReaderCall>]
  #lanes: readonly [quick: ReadLane, slow: ReadLane]
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
    const reader = () => new WorkerSlot<ReaderCall>('reader', start, onNotice)
    this.#readers = [reader(), reader()]
    this.#lanes = this.#newLanes()
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
    const { maxBytes = false, searchBodies = false, readOnly: isReadOnly = false } = setup
    const { queryTimeoutMs = DEFAULT_QUERY_TIMEOUT_MS } = setup
    for (const reader of this.#readers) reader.open({ searchBodies, isReadOnly, queryTimeoutMs })
    this.#lanes = this.#newLanes()
    if (isReadOnly) {
      await this.#readers[0].line()
      return
    }
    ownFiles(this.#path, setup.log)
    this.#writer.open({ searchBodies, ...(maxBytes === false ? {} : { maxBytes }) })
    await this.#writer.line()
  }

  async close(withinMs?: number): Promise<void> {
    await Promise.all([
      ...this.#readers.map((reader) => reader.close({ call: 'close' }, withinMs)),
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

  async forgetUser(step: ForgetStep): Promise<ForgetProgress> {
    const writer = await this.#writer.line()
    // What was inserted before is stored before.
    this.#parted?.finish()
    return (await writer.ask({ call: 'forgetUser', step })) as ForgetProgress
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
    return [this.#writer, ...this.#readers].reduce((sum, { busyMs }) => sum + busyMs, 0)
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
    if (this.#setup.readOnly !== true && this.#writer.running === undefined)
      await this.#writer.line()
    const [quick, slow] = this.#lanes
    return (mayTakeLong(call) ? slow : quick).ask(call)
  }

  #newLanes(): readonly [ReadLane, ReadLane] {
    const { queryTimeoutMs = DEFAULT_QUERY_TIMEOUT_MS } = this.#setup
    const [quick, slow] = this.#readers
    return [new ReadLane(quick, queryTimeoutMs), new ReadLane(slow, queryTimeoutMs)]
  }
}

/** Makes the adapter of a `sqlite:` URL; the store plugin calls it. @throws UrlError, OptionsError */
export const createStoreAdapter: CreateStoreAdapter = ({ url, options }) => {
  // The constructor checks what the application gave.
  const given: Partial<SqliteStoreOptions> = options
  return new SqliteStore({ ...given, path: pathOf(url) })
}
