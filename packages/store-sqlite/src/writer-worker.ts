import { setImmediate as nextTurn } from 'node:timers/promises'
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { RecordRefusedError, type StoreRecord } from '@fastify-scs/store/adapter'
import { chooseDriver } from './driver/choose-driver.js'
import type { Connection, Driver } from './driver/driver.js'
import { codedFailure } from './failure.js'
import { FileCounter } from './file-counter.js'
import { FileSize } from './file-size.js'
import { FileWriter } from './file-writer.js'
import { LockWait } from './lock-wait.js'
import { OldestRows } from './oldest-rows.js'
import { openToWrite } from './open-file.js'
import {
  type Answer,
  FAILED,
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

type Insert = { readonly id: number; readonly batch: readonly StoreRecord[] }

class WriterWorker {
  readonly #port: MessagePort
  readonly #counters: Int32Array
  readonly #driver: Driver
  readonly #connection: Connection
  readonly #wal: Wal
  readonly #writer: FileWriter
  readonly #counter: FileCounter
  readonly #pruner: Pruner
  /** Beginnings of batches, by their keys. */
  readonly #parts = new Map<number, StoreRecord[]>()
  /** What is being pruned, by the id of the call. */
  readonly #prunings = new Map<number, Generator<void, number>>()

  constructor(port: MessagePort, start: WorkerStart) {
    this.#port = port
    this.#counters = start.counters
    this.#driver = chooseDriver(start.driver)
    const lockWait = new LockWait(this.#driver, start)
    this.#connection = openToWrite(this.#driver, start, lockWait)
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
      const removed = this.#writer.insert(inserts.map(({ batch }) => batch))
      Atomics.add(this.#counters, REMOVED, removed)
    } catch (error) {
      const failure = codedFailure(error, this.#driver)
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
    Atomics.add(this.#counters, THROUGH, inserts.length)
    Atomics.notify(this.#counters, THROUGH)
    const ids = inserts.map(({ id }) => id).filter((id) => id !== 0)
    if (error === undefined) this.#answer({ ids })
    else this.#fail(ids, error)
  }

  #do(id: number, call: Exclude<WriterCall, { call: 'insert' | 'part' }>): void {
    if (call.call === 'prune') return void this.#prune(id, call)
    try {
      const value =
        call.call === 'countGroups' ? this.#counter.count(call.sightings, call.rules) : undefined
      if (call.call === 'bury') this.#writer.bury(call.record, call.reason)
      if (call.call === 'close') this.#close()
      this.#answer({ ids: [id], value })
      if (call.call === 'close') this.#port.close()
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
    for (const [id, steps] of this.#prunings) {
      steps.return(0)
      this.#answer({ ids: [id], value: 0 })
    }
    this.#wal.close()
    this.#connection.close()
  }

  #fail(ids: readonly number[], error: unknown): void {
    this.#answer({ ids, failure: toWire(codedFailure(error, this.#driver)) })
  }

  #answer(answer: Answer): void {
    if (answer.ids.length > 0) this.#port.postMessage(answer)
  }
}

/** Opens the file and says whether that went well. */
function start(port: MessagePort): void {
  try {
    const worker = new WriterWorker(port, workerData as WorkerStart)
    port.on('message', (request: Request<WriterCall>) => worker.handle(request))
    port.postMessage({ ids: [0] } satisfies Answer)
  } catch (error) {
    port.postMessage({ ids: [0], failure: toWire(error as Error) } satisfies Answer)
  }
}

if (parentPort !== null) start(parentPort)
