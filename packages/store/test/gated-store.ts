import {
  type AdapterTraits,
  type ExpectedVersion,
  MemoryStore,
  PLAIN_TRAITS,
  RecordRefusedError,
  type StoreRecord,
  type StoreSetup,
  StoreUnavailableError,
  type UnkeptVersion,
} from '../src/index.js'

/** A real store in memory with a gate: it can be unavailable, or take a batch and not answer. */
export class GatedStore extends MemoryStore {
  override readonly traits: AdapterTraits = {
    ...PLAIN_TRAITS,
    maxConcurrentBatches: 4,
    bodySearch: 'always',
  }
  /** Ids in the order in which they were stored, repeats included. */
  readonly stored: string[] = []
  /** The reasons of burials, by id. */
  readonly buried = new Map<string, string>()
  /** How many batches `insert` was given. */
  batches = 0
  /** How often `compareAndSet` was called. */
  sets = 0
  /** How often `noteRelease` was called. */
  notes = 0
  isOpenable = true
  isAvailable = true
  /** Whether an insert waits until `release`. */
  isStalled = false
  /** Ids of records that are refused. */
  readonly poison = new Set<string>()
  #release: (() => void)[] = []

  override async open(_setup?: StoreSetup): Promise<void> {
    if (!this.isOpenable) throw new StoreUnavailableError('gated', 'not there yet')
  }

  override async insert(batch: readonly StoreRecord[]): Promise<void> {
    this.batches++
    await this.#pass(batch)
    await super.insert(batch)
    this.stored.push(...batch.map(({ id }) => id))
  }

  override async compareAndSet(
    versions: readonly ExpectedVersion[],
  ): Promise<readonly UnkeptVersion[]> {
    this.sets++
    await this.#pass(versions.map(({ record }) => record))
    return super.compareAndSet(versions)
  }

  override async noteRelease(release: string, at: number): Promise<void> {
    this.notes++
    await this.#pass([])
    await super.noteRelease(release, at)
  }

  /** Sets a version as another process does: the gate is not in its way. */
  setElsewhere(record: StoreRecord, expected?: number): Promise<readonly UnkeptVersion[]> {
    return super.compareAndSet([{ record, expected }])
  }

  override async insertDeadLetter(record: StoreRecord, reason: string): Promise<void> {
    await super.insertDeadLetter(record, reason)
    this.buried.set(record.id, reason)
  }

  /** Lets the inserts go on that wait, and those that come. */
  release(): void {
    this.isStalled = false
    for (const go of this.#release.splice(0)) go()
  }

  async #pass(records: readonly StoreRecord[]): Promise<void> {
    // A database answers in a later turn.
    await new Promise((resolve) => setImmediate(resolve))
    if (this.isStalled) await new Promise<void>((resolve) => this.#release.push(resolve))
    if (!this.isAvailable) throw new StoreUnavailableError('gated', 'the gate is shut')
    if (records.some(({ id }) => this.poison.has(id)))
      throw new RecordRefusedError('gated', 'poison')
  }
}
