import { resolve } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  BucketQuery,
  FoundRecord,
  GroupRules,
  GroupSighting,
  GroupState,
  RecordFilter,
  RecordKind,
  RecordPage,
  RetentionLimits,
  StoreAdapter,
  StoreRecord,
  StoreSize,
  TimeBucket,
} from '@fastify-scs/store'
import { ENGINE } from './engine.js'
import { resolveOptions, type SqliteStoreOptions } from './options.js'
import type { ReaderCall, WriterCall } from './protocol.js'
import type { WorkerLine } from './worker-line.js'
import { WorkerSlot } from './worker-slot.js'

const DEFAULT_MAX_BYTES = 1_073_741_824
/** Records that are copied for the worker at a time. */
const PART_RECORDS = 25
/** Batches under way up to which they are copied in parts. */
const CALM_BATCHES = 2

/** Keeps records in one SQLite file: a worker thread writes it, another one reads it, once something is read. */
export class SqliteStore implements StoreAdapter {
  readonly engine: string = ENGINE
  /** Twice what shares a transaction, so that the worker has the next batches when it is done with some. */
  readonly maxConcurrentBatches = 16
  readonly defaultMaxBytes: number = DEFAULT_MAX_BYTES
  readonly outboxPath: string
  readonly #writer: WorkerSlot<WriterCall>
  readonly #reader: WorkerSlot<ReaderCall>
  #lastKey = 0
  #underWay = 0
  #onRemoved: ((records: number) => void) | undefined

  /** @throws OptionsError */
  constructor(options: SqliteStoreOptions) {
    const { path, busyTimeoutMs, driver } = resolveOptions(options)
    const start = { path: resolve(path), busyTimeoutMs, driver }
    this.outboxPath = `${start.path}.outbox`
    this.#writer = new WorkerSlot('writer-worker', start)
    this.#reader = new WorkerSlot('reader-worker', start)
  }

  /**
   * Keeps the file to a size, in bytes, while it is written, from the next `open` on: the oldest records go for new ones.
   * Calls back with how many went.
   */
  keepWithin(maxBytes: number, onRemoved: (records: number) => void): void {
    this.#writer.maxBytes = maxBytes
    this.#onRemoved = onRemoved
  }

  /** @throws DriverMissingError, UrlError, PermissionError, NotAStoreError, SchemaTooNewError, StoreUnavailableError */
  async open(): Promise<void> {
    this.#reader.open()
    this.#writer.open()
    await this.#writer.line()
  }

  async close(): Promise<void> {
    await this.#reader.close({ call: 'close' })
    await this.#writer.close({ call: 'close' })
  }

  async insert(batch: readonly StoreRecord[]): Promise<void> {
    const writer = this.#writer.running ?? (await this.#writer.line())
    this.#underWay++
    try {
      const key = ++this.#lastKey
      // With so many under way the worker is what everything waits for, and each part wakes it once more.
      const isCalm = this.#underWay <= CALM_BATCHES
      const rest = isCalm ? await postBeginning(writer, key, batch) : batch
      await writer.ask({ call: 'insert', key, batch: rest }, 1)
    } finally {
      this.#underWay--
    }
    const removed = writer.takeRemoved()
    if (removed > 0) this.#onRemoved?.(removed)
  }

  insertSync(batches: readonly (readonly StoreRecord[])[], deadlineMs: number): boolean {
    const writer = this.#writer.running
    if (writer === undefined) return false
    const failedBefore = writer.failedBatches
    for (const batch of batches) writer.postBatch({ call: 'insert', batch })
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

  async #read(call: ReaderCall): Promise<unknown> {
    // The writer makes the file and its schema.
    if (this.#writer.running === undefined) await this.#writer.line()
    return (await this.#reader.line()).ask(call)
  }
}

/**
 * Posts a batch but for its last records, which are returned, some at a time: copying all of it for another thread would stop this
 * one for half a millisecond.
 */
async function postBeginning(
  writer: WorkerLine<WriterCall>,
  key: number,
  batch: readonly StoreRecord[],
): Promise<readonly StoreRecord[]> {
  let from = 0
  try {
    for (; batch.length - from > PART_RECORDS; from += PART_RECORDS) {
      writer.post({ call: 'part', key, batch: batch.slice(from, from + PART_RECORDS) })
      await nextTurn()
    }
  } catch (error) {
    // The worker is not to keep the beginning of a batch that does not come; what is stored of it may come again.
    writer.postBatch({ call: 'insert', key, batch: [] })
    throw error
  }
  return from === 0 ? batch : batch.slice(from)
}
