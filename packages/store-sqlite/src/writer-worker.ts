import { setImmediate as nextTurn } from 'node:timers/promises'
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import {
  RecordRefusedError,
  type StoreRecord,
  StoreUnavailableError,
} from '@fastify-scs/store/adapter'
import { chooseDriver } from './driver/choose-driver.js'
import type { Connection, Driver } from './driver/driver.js'
import { ENGINE } from './engine.js'
import { codedFailure, saysDamaged } from './failure.js'
import { FileCounter } from './file-counter.js'
import { FilePlace } from './file-place.js'
import { FileSize } from './file-size.js'
import { FileWriter } from './file-writer.js'
import { LockWait } from './lock-wait.js'
import { OldestRows } from './oldest-rows.js'
import { openToWrite, setAside } from './open-file.js'
import {
  type Answer,
  FAILED,
  type Notice,
  REMOVED,
  type Request,
  THROUGH,
  type WorkerStart,
  type WriterCall,
} from './protocol.js'
import { Pruner } from './pruner.js'
import { Quota } from './quota.js'
import { Wal } from './wal.js'
import { toWire } from './wire-failure.js'

/** Calls that are taken together; batches among them share a transaction. */
const CALLS = 8
/** More than a worker is ever sent. */
const ALL_THROUGH = 2 ** 30

type Insert = { readonly id: number; readonly batch: readonly StoreRecord[] }

class WriterWorker {
  readonly #port: MessagePort
  readonly #start: WorkerStart
  readonly #note = (notice: Notice): void => {
    this.#port.postMessage({ ids: [], notice } satisfies Answer)
  }
  readonly #counters: Int32Array
  readonly #driver: Driver
  readonly #connection: Connection
  readonly #place: FilePlace
  readonly #wal: Wal
  readonly #writer: FileWriter
  readonly #counter: FileCounter
  readonly #pruner: Pruner
  /** Beginnings of batches, by their keys. */
  readonly #parts = new Map<number, StoreRecord[]>()
  /** What is being pruned, by the id of the call. */
  readonly #prunings = new Map<number, Generator<void, number>>()
  #isGone = false

  constructor(port: MessagePort, start: WorkerStart) {
    this.#port = port
    this.#counters = start.counters
    this.#driver = chooseDriver(start.driver)
    const lockWait = new LockWait(this.#driver, start)
    this.#start = start
    this.#connection = openToWrite({ driver: this.#driver, lockWait, note: this.#note }, start)
    this.#place = new FilePlace(start.path)
    const size = new FileSize(this.#connection)
    const oldest = new OldestRows(this.#connection)
    const { maxBytes } = start
    const quota = maxBytes === undefined ? undefined : new Quota(size, oldest, maxBytes)
    this.#wal = new Wal(this.#connection, size.pageBytes, start)
    this.#writer = new FileWriter(this.#connection, lockWait, this.#wal, quota)
    this.#counter = new FileCounter(this.#connection, lockWait)
    const parts = { lockWait, wal: this.#wal, size, oldest, counter: this.#counter }
    this.#pruner = new Pruner(this.#connection, parts)
  }

  /**
   * Does what has arrived, in order; inserts that follow each other share a transaction. Only so many calls at a time:
   * others may arrive for as long as they are done, and pruning has its turn after them.
   */
  handle(first: Request<WriterCall>): void {
    let inserts: Insert[] = []
    let request: Request<WriterCall> | undefined = first
    for (let handled = 1; request !== undefined; handled++) {
      const { id, call } = request
      if (call.call === 'part') {
        this.#keepPart(call)
        handled--
      } else if (call.call === 'insert') inserts.push({ id, batch: this.#wholeBatch(call) })
      else {
        this.#insert(inserts)
        inserts = []
        this.#do(id, call)
      }
      request = handled < CALLS ? receiveMessageOnPort(this.#port)?.message : undefined
    }
    this.#insert(inserts)
  }

  #keepPart({ key, batch }: Extract<WriterCall, { call: 'part' }>): void {
    const known = this.#parts.get(key)
    if (known === undefined) this.#parts.set(key, [...batch])
    else known.push(...batch)
  }

  #wholeBatch({ key, batch }: Extract<WriterCall, { call: 'insert' }>): readonly StoreRecord[] {
    const parts = key === undefined ? undefined : this.#parts.get(key)
    if (key === undefined || parts === undefined) return batch
    this.#parts.delete(key)
    return parts.concat(batch)
  }

  #insert(inserts: readonly Insert[]): void {
    if (inserts.length === 0) return
    try {
      this.#assertUsable()
      const removed = this.#writer.insert(inserts.map(({ batch }) => batch))
      this.#assertInPlace()
      Atomics.add(this.#counters, REMOVED, removed)
    } catch (error) {
      const failure = this.#failureOf(error)
      // One of them is refused: each by itself, so that only that one is.
      if (inserts.length > 1 && failure instanceof RecordRefusedError) {
        for (const insert of inserts) this.#insert([insert])
      } else this.#through(inserts, failure)
      return
    }
    this.#through(inserts)
  }

  // One answer for the whole transaction: each of them wakes the host's thread.
  #through(inserts: readonly Insert[], error?: unknown): void {
    if (error !== undefined) Atomics.add(this.#counters, FAILED, inserts.length)
    if (!this.#isGone) Atomics.add(this.#counters, THROUGH, inserts.length)
    Atomics.notify(this.#counters, THROUGH)
    const ids = inserts.map(({ id }) => id).filter((id) => id !== 0)
    if (error === undefined) this.#answer({ ids })
    else this.#fail(ids, error)
  }

  #do(id: number, call: Exclude<WriterCall, { call: 'insert' | 'part' }>): void {
    if (call.call === 'prune' && !this.#isGone) return void this.#prune(id, call)
    try {
      if (call.call === 'close') {
        this.#close()
        this.#answer({ ids: [id] })
        this.#port.close()
        return
      }
      this.#assertUsable()
      const value =
        call.call === 'countGroups' ? this.#counter.count(call.sightings, call.rules) : undefined
      if (call.call === 'bury') this.#writer.bury(call.record, call.reason)
      this.#assertInPlace()
      this.#answer({ ids: [id], value })
    } catch (error) {
      this.#fail([id], error)
    }
  }

  async #prune(id: number, { limits }: Extract<WriterCall, { call: 'prune' }>): Promise<void> {
    const steps = this.#pruner.prune(limits)
    this.#prunings.set(id, steps)
    try {
      let step = steps.next()
      while (step.done !== true) {
        // Batches that have arrived go first.
        await nextTurn()
        step = steps.next()
      }
      this.#answer({ ids: [id], value: step.value ?? 0 })
    } catch (error) {
      this.#fail([id], error)
    } finally {
      this.#prunings.delete(id)
    }
  }

  #close(): void {
    if (this.#isGone) return
    this.#endPrunings()
    this.#wal.close()
    this.#connection.close()
  }

  #endPrunings(): void {
    for (const [id, steps] of this.#prunings) {
      steps.return(0)
      this.#answer({ ids: [id], value: 0 })
    }
  }

  #assertUsable(): void {
    if (this.#isGone) throw new StoreUnavailableError(ENGINE, `${this.#start.path} is not open`)
  }

  /**
   * What was committed into a file that nobody finds again is not stored: it is refused, and comes again for the file of the
   * next worker. Looked at for each transaction, so that none is answered wrongly; it costs 3 us.
   */
  #assertInPlace(): void {
    if (this.#place.isWholeSame()) return
    this.#leave()
    if (!this.#place.isSame()) this.#place.removeCompanions()
    const what = 'was deleted or replaced while it was in use; another one is begun'
    throw new StoreUnavailableError(ENGINE, `${this.#start.path} ${what}`)
  }

  /** The coded error for a failure; a damaged file is kept aside, if it is to be. */
  #failureOf(error: unknown): Error {
    const isDamaged = saysDamaged(error, this.#driver)
    if (!isDamaged || this.#start.onDamaged === 'fail') return codedFailure(error, this.#driver)
    this.#leave()
    try {
      setAside(this.#start.path, this.#place.inode, error, this.#note)
      return codedFailure(error, this.#driver)
    } catch (failure) {
      return codedFailure(failure, this.#driver)
    }
  }

  /** Lets go of the file; the next call starts a worker that opens what is there then. */
  #leave(): void {
    this.#isGone = true
    const ends = [
      this.#endPrunings.bind(this),
      () => this.#wal.close(),
      () => this.#connection.close(),
    ]
    for (const end of ends) {
      try {
        end()
      } catch {
        // The file is given up; what made that necessary is told.
      }
    }
    // Whoever waits for batches to be through need not wait for those that come too late.
    Atomics.add(this.#counters, FAILED, 1)
    Atomics.store(this.#counters, THROUGH, ALL_THROUGH)
    Atomics.notify(this.#counters, THROUGH)
    // After the answers.
    setImmediate(() => this.#port.close())
  }

  #fail(ids: readonly number[], error: unknown): void {
    this.#answer({ ids, failure: toWire(this.#failureOf(error)) })
  }

  #answer(answer: Answer): void {
    if (answer.ids.length > 0) this.#port.postMessage(answer)
  }
}

/** Opens the file and says whether that went well. */
export function startWriter(port: MessagePort, start: WorkerStart): void {
  try {
    const worker = new WriterWorker(port, start)
    port.on('message', (request: Request<WriterCall>) => worker.handle(request))
    port.postMessage({ ids: [0] } satisfies Answer)
  } catch (error) {
    port.postMessage({ ids: [0], failure: toWire(error as Error) } satisfies Answer)
  }
}
