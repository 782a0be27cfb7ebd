import { resolve } from 'node:path'
import type {
  BucketQuery,
  CreateStoreAdapter,
  ExpectedVersion,
  FoundRecord,
  GroupRules,
  GroupSighting,
  GroupState,
  RecordFilter,
  RecordKind,
  RecordPage,
  RetentionLimits,
  StoreAdapter,
  StoreLog,
  StoreRecord,
  StoreSize,
  TimeBucket,
  UnkeptVersion,
} from '@fastify-scs/store'
import { ENGINE } from './failure.js'
import { ownFiles } from './file/file-place.js'
import { pathOf, resolveOptions, type SqliteStoreOptions } from './options.js'
import { PartedBatch } from './threads/parted-batch.js'
import type { Notice, ReaderCall, WriterCall } from './threads/protocol.js'
import type { WorkerLine } from './threads/worker-line.js'
import { WorkerSlot } from './threads/worker-slot.js'

const DEFAULT_MAX_BYTES = 1_073_741_824
/** Batches under way up to which they are copied in parts. */
const CALM_BATCHES = 2

/** Keeps records in one SQLite file: a worker thread writes it, another one reads it, once something is read. */
export class SqliteStore implements StoreAdapter {
  readonly engine: string = ENGINE
  /** Twice what shares a transaction, so that the worker has the next batches when it is done with some. */
  readonly maxConcurrentBatches = 16
  readonly defaultMaxBytes: number = DEFAULT_MAX_BYTES
  readonly outboxPath: string
  readonly #path: string
  #log: StoreLog | undefined
  readonly #writer: WorkerSlot<WriterCall>
  readonly #reader: WorkerSlot<ReaderCall>
  #lastKey = 0
  #underWay = 0
  /** The batch that was posted last, perhaps not all of it yet. */
  #parted: PartedBatch | undefined
  #onRemoved: ((records: number) => void) | undefined

  /** @throws OptionsError */
  constructor(options: SqliteStoreOptions) {
    const resolved = resolveOptions(options)
    const start = { ...resolved, path: resolve(resolved.path) }
    this.#path = start.path
    this.outboxPath = `${start.path}.outbox`
    const onNotice = ({ details, message }: Notice) => this.#log?.error(details, message)
    this.#writer = new WorkerSlot('writer', start, onNotice)
    this.#reader = new WorkerSlot('reader', start, onNotice)
  }

  /** Tells there, from the next `open` on, what it does by itself: a damaged file kept aside, a file mode narrowed. */
  logTo(log: StoreLog): void {
    this.#log = log
  }

  /**
   * Keeps the file to a size, in bytes, while it is written, from the next `open` on: the oldest records go for new ones.
   * Calls back with how many went.
   */
  keepWithin(maxBytes: number, onRemoved: (records: number) => void): void {
    this.#writer.maxBytes = maxBytes
    this.#onRemoved = onRemoved
  }

  /** Keeps the words of the bodies in an index, from the next `open` on, so that `text` finds them. */
  searchBodies(): void {
    this.#writer.searchBodies()
    this.#reader.searchBodies()
  }

  /**
   * @throws DriverMissingError, WorkerMissingError, UrlError, PermissionError, NotAStoreError, SchemaTooNewError,
   *   StoreUnavailableError; SCS_ERR_SYMBOLIC_LINK of core
   */
  async open(): Promise<void> {
    ownFiles(this.#path, this.#log)
    this.#reader.open()
    this.#writer.open()
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
    // With so many under way the worker is what everything waits for, and each part wakes it once more.
    if (this.#underWay > CALM_BATCHES) parted.finish()
    else parted.begin()
    try {
      await parted.answer
    } finally {
      this.#underWay--
      if (this.#parted === parted) this.#parted = undefined
    }
    this.#tellRemoved(writer)
  }

  async compareAndSet(versions: readonly ExpectedVersion[]): Promise<readonly UnkeptVersion[]> {
    const writer = this.#writer.running ?? (await this.#writer.line())
    // What was inserted before is there before.
    this.#parted?.finish()
    const unkept = await writer.ask({ call: 'compareAndSet', versions })
    this.#tellRemoved(writer)
    return unkept as readonly UnkeptVersion[]
  }

  insertSync(batches: readonly (readonly StoreRecord[])[], deadlineMs: number): boolean {
    const writer = this.#writer.running
    if (writer === undefined) return false
    const failedBefore = writer.failedBatches
    for (const batch of batches) writer.postBatch({ call: 'insert', batch, mergesVersions: true })
    return writer.waitUntilThrough(deadlineMs) && writer.failedBatches === failedBefore
  }

  async bury(record: StoreRecord, reason: string): Promise<void> {
    const writer = await this.#writer.line()
    await writer.ask({ call: 'bury', record, reason })
  }

  async countGroups(
    sightings: readonly GroupSighting[],
    rules: GroupRules,
  ): Promise<readonly GroupState[]> {
    const writer = await this.#writer.line()
    return (await writer.ask({ call: 'countGroups', sightings, rules })) as readonly GroupState[]
  }

  async prune(limits: RetentionLimits): Promise<number> {
    const writer = await this.#writer.line()
    return (await writer.ask({ call: 'prune', limits })) as number
  }

  async find(kind: RecordKind, filter: RecordFilter): Promise<RecordPage> {
    return (await this.#read({ call: 'find', kind, filter })) as RecordPage
  }

  async get(kind: RecordKind, id: string): Promise<FoundRecord | undefined> {
    return (await this.#read({ call: 'get', kind, id })) as FoundRecord | undefined
  }

  async buckets(kind: RecordKind, query: BucketQuery): Promise<readonly TimeBucket[]> {
    return (await this.#read({ call: 'buckets', kind, query })) as readonly TimeBucket[]
  }

  async size(): Promise<StoreSize> {
    return (await this.#read({ call: 'size' })) as StoreSize
  }

  #tellRemoved(writer: WorkerLine<WriterCall>): void {
    const removed = writer.takeRemoved()
    if (removed > 0) this.#onRemoved?.(removed)
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
