import {
  type ChangedGroup,
  type ExpectedVersion,
  type ForgetProgress,
  type ForgetStep,
  type GroupChange,
  type GroupRules,
  type GroupSighting,
  type GroupState,
  type RetentionLimits,
  type StoreRecord,
  StoreUnavailableError,
} from '@fastify-scs/store/adapter'
import { chooseDriver } from '../driver/choose-driver.js'
import type { Connection, Driver } from '../driver/driver.js'
import { codedFailure, codedOpenFailure, ENGINE, saysDamaged } from '../failure.js'
import { FilePlace } from '../file/file-place.js'
import { openToWrite, setAside } from '../file/open-file.js'
import { LockWait } from '../file/transaction.js'
import type { Notice, WorkerStart } from '../threads/protocol.js'
import { FileWriter, type SetVersions, type WrittenBatch } from './file-writer.js'
import { GroupCounter } from './group-counter.js'
import { Pruner } from './pruner.js'
import { FileSize, OldestRows, Quota } from './quota.js'
import { UserForgetter } from './user-forgetter.js'
import { Wal } from './wal.js'
import { type FillTools, WordIndex } from './word-index.js'

/** The file that is open for writing and the parts that work on it, until another file is at its path. */
export class WriterFile {
  readonly #start: WorkerStart
  readonly #note: (notice: Notice) => void
  readonly #driver: Driver
  readonly #connection: Connection
  readonly #place: FilePlace
  readonly #wal: Wal
  readonly #writer: FileWriter
  readonly #counter: GroupCounter
  readonly #pruner: Pruner
  readonly #forgetter: UserForgetter
  readonly #words: WordIndex | undefined
  readonly #fillTools: FillTools
  #isGone = false

  /** Opens it. @throws a coded error */
  constructor(start: WorkerStart, note: (notice: Notice) => void) {
    this.#start = start
    this.#note = note
    this.#driver = chooseDriver(start.driver)
    const lockWait = new LockWait(this.#driver, start)
    this.#connection = openToWrite({ driver: this.#driver, lockWait, note }, start)
    this.#place = new FilePlace(start.path)
    try {
      const size = new FileSize(this.#connection)
      const oldest = new OldestRows(this.#connection)
      const { maxBytes } = start
      const quota = maxBytes === undefined ? undefined : new Quota(size, oldest, maxBytes)
      this.#wal = new Wal(this.#connection, size.pageBytes, start)
      this.#words =
        start.searchBodies === true ? new WordIndex(this.#connection, lockWait) : undefined
      this.#fillTools = { lockWait, wal: this.#wal, quota }
      this.#writer = new FileWriter(this.#connection, { ...this.#fillTools, words: this.#words })
      this.#counter = new GroupCounter(this.#connection, lockWait)
      const parts = { lockWait, wal: this.#wal, size, oldest, counter: this.#counter }
      this.#pruner = new Pruner(this.#connection, parts)
      this.#forgetter = new UserForgetter(this.#connection, parts)
    } catch (error) {
      throw this.#openFailureOf(error)
    }
  }

  /** Whether the file was closed because it is deleted, replaced or damaged. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** Writes batches in one transaction; returns how many of the oldest records were removed for them. @throws what `failureOf` codes */
  insert(batches: readonly WrittenBatch[]): number {
    return this.#inPlace(() => this.#writer.insert(batches))
  }

  /** Stores the versions that can be stored. @throws what `failureOf` codes */
  compareAndSet(versions: readonly ExpectedVersion[]): SetVersions {
    return this.#inPlace(() => this.#writer.compareAndSet(versions))
  }

  /** Stores a dead letter. @throws what `failureOf` codes */
  insertDeadLetter(record: StoreRecord, reason: string): void {
    this.#inPlace(() => this.#writer.insertDeadLetter(record, reason))
  }

  /** Counts groups of like reports. @throws what `failureOf` codes */
  countGroups(sightings: readonly GroupSighting[], rules: GroupRules): readonly GroupState[] {
    return this.#inPlace(() => this.#counter.count(sightings, rules))
  }

  /** Changes a group of like reports. @throws what `failureOf` codes */
  changeGroup(fingerprint: string, change: GroupChange): ChangedGroup {
    return this.#inPlace(() => this.#counter.change(fingerprint, change))
  }

  /** Notes that a release ran at a time. @throws what `failureOf` codes */
  noteRelease(release: string, at: number): void {
    this.#inPlace(() => this.#counter.noteRelease(release, at))
  }

  /** Does one step of forgetting a user. @throws what `failureOf` codes */
  forgetUser(step: ForgetStep): ForgetProgress {
    return this.#inPlace(() => this.#forgetter.step(step))
  }

  /** Removes old records, a piece with each step. @throws what `failureOf` codes */
  prune(limits: RetentionLimits): Generator<void, number> {
    this.#assertOpen()
    return this.#pruner.prune(limits)
  }

  /**
   * Adds the words of rows that are not in the index, a few with each step, which yields how many of the oldest records were removed
   * for them. @throws what `failureOf` codes
   */
  *fillWords(): Generator<number, void> {
    const steps = this.#words?.fill(this.#fillTools)
    if (steps === undefined) return
    for (;;) {
      if (this.#isGone) return
      const step = steps.next()
      if (step.done === true) return
      yield step.value
    }
  }

  /** Closes the file. @throws what the driver throws */
  close(): void {
    if (this.#isGone) return
    this.#wal.close()
    this.#connection.close()
  }

  /** The coded error for a failure; closes a damaged file, and renames it if `onDamaged` says so. */
  failureOf(error: unknown): Error {
    if (this.#start.onDamaged === 'keepAside' && saysDamaged(error, this.#driver)) {
      this.#letGo()
      try {
        setAside(this.#start.path, this.#place.inode, error, this.#note)
      } catch (failure) {
        return codedFailure(failure, this.#driver)
      }
    }
    return codedFailure(error, this.#driver)
  }

  #openFailureOf(error: unknown): Error {
    const failure = this.failureOf(error)
    return this.#isGone ? failure : codedOpenFailure(error, this.#driver, this.#start.path)
  }

  /**
   * Does work in a transaction. What was committed to a file that nobody finds again is not stored: the call fails, and comes again
   * for the next worker's file. This is checked after each transaction, so that none is answered wrongly.
   */
  #inPlace<Result>(work: () => Result): Result {
    this.#assertOpen()
    const result = work()
    if (this.#place.isWholeSame()) return result
    this.#letGo()
    if (!this.#place.isSame()) this.#place.removeCompanions()
    const what = 'was deleted or replaced while it was in use; another one is begun'
    throw new StoreUnavailableError(ENGINE, `${this.#start.path} ${what}`)
  }

  #assertOpen(): void {
    if (this.#isGone) throw new StoreUnavailableError(ENGINE, `${this.#start.path} is not open`)
  }

  #letGo(): void {
    this.#isGone = true
    for (const part of [this.#wal, this.#connection]) {
      try {
        part?.close()
      } catch {
        // The file is given up; the failure that made that necessary is thrown.
      }
    }
  }
}
