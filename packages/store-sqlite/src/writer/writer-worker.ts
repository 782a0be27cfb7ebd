import { setImmediate as nextTurn } from 'node:timers/promises'
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import {
  type ExpectedVersion,
  RecordRefusedError,
  type StoreRecord,
} from '@fastify-scs/store/adapter'
import { toWire } from '../failure.js'
import { unpacked } from '../threads/packed-record.js'
import {
  type Answer,
  FAILED,
  REMOVED,
  type Request,
  THROUGH,
  type WorkerStart,
  type WriterCall,
} from '../threads/protocol.js'
import type { SetVersions, WrittenBatch } from './file-writer.js'
import { WriterFile } from './writer-file.js'

/** Calls that are handled together; batches among them share a transaction. */
const CALLS = 8
/** More batches than a worker is ever sent. */
const ALL_THROUGH = 2 ** 30

type Insert = WrittenBatch & { readonly id: number }

class WriterWorker {
  readonly #port: MessagePort
  readonly #counters: Int32Array
  readonly #file: WriterFile
  /** Beginnings of batches, by their keys. */
  readonly #parts = new Map<number, StoreRecord[]>()
  /** Prunings under way, by the id of the call. */
  readonly #prunings = new Map<number, Generator<void, number>>()
  #isEnding = false
  #isClosing = false

  constructor(port: MessagePort, start: WorkerStart) {
    this.#port = port
    this.#counters = start.counters
    this.#file = new WriterFile(start, (notice) => {
      port.postMessage({ ids: [], notice } satisfies Answer)
    })
  }

  /**
   * Handles what has arrived, in order; inserts that follow each other share a transaction. The number of calls is limited: others
   * may keep arriving meanwhile, and pruning has its turn after them.
   */
  handle(first: Request<WriterCall>): void {
    let inserts: Insert[] = []
    let request: Request<WriterCall> | undefined = first
    for (let handled = 1; request !== undefined; handled++) {
      const { id, call } = request
      if (call.call === 'part') {
        this.#keepPart(call)
        handled--
      } else if (call.call === 'insert') {
        const { mergesVersions = false } = call
        inserts.push({ id, batch: this.#wholeBatch(call), mergesVersions })
      } else {
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
    const records = batch.map(unpacked)
    if (known === undefined) this.#parts.set(key, records)
    else known.push(...records)
  }

  #wholeBatch({ key, batch }: Extract<WriterCall, { call: 'insert' }>): readonly StoreRecord[] {
    const records = batch.map(unpacked)
    const parts = key === undefined ? undefined : this.#parts.get(key)
    if (key === undefined || parts === undefined) return records
    this.#parts.delete(key)
    return parts.concat(records)
  }

  #insert(inserts: readonly Insert[]): void {
    if (inserts.length === 0) return
    try {
      const removed = this.#file.insert(inserts)
      Atomics.add(this.#counters, REMOVED, removed)
    } catch (error) {
      const failure = this.#file.failureOf(error)
      // One of them is refused: each is done alone, so that only that one fails.
      if (inserts.length > 1 && failure instanceof RecordRefusedError) {
        for (const insert of inserts) this.#insert([insert])
      } else this.#through(inserts, failure)
      return
    }
    this.#through(inserts)
  }

  // One answer for the whole transaction, since each answer wakes the host's main thread.
  #through(inserts: readonly Insert[], error?: unknown): void {
    if (error !== undefined) Atomics.add(this.#counters, FAILED, inserts.length)
    if (!this.#isEnding) Atomics.add(this.#counters, THROUGH, inserts.length)
    Atomics.notify(this.#counters, THROUGH)
    const ids = inserts.map(({ id }) => id).filter((id) => id !== 0)
    if (error === undefined) this.#answer({ ids })
    else this.#fail(ids, error)
  }

  #do(id: number, call: Exclude<WriterCall, { call: 'insert' | 'part' }>): void {
    if (call.call === 'prune') return void this.#prune(id, call)
    try {
      this.#answer({ ids: [id], value: this.#resultOf(call) })
      if (call.call === 'close') this.#port.close()
    } catch (error) {
      this.#fail([id], error)
    }
  }

  #resultOf(call: Exclude<WriterCall, { call: 'insert' | 'part' | 'prune' }>): unknown {
    switch (call.call) {
      case 'compareAndSet':
        return this.#unkeptOf(this.#file.compareAndSet(versionsOf(call)))
      case 'countGroups':
        return this.#file.countGroups(call.sightings, call.rules)
      case 'changeGroup':
        return this.#file.changeGroup(call.fingerprint, call.change)
      case 'noteRelease':
        return this.#file.noteRelease(call.release, call.at)
      case 'forgetUser':
        return this.#file.forgetUser(call.step)
      case 'insertDeadLetter':
        return this.#file.insertDeadLetter(unpacked(call.record), call.reason)
      case 'close':
        this.#isClosing = true
        this.#endPrunings()
        return this.#file.close()
    }
  }

  #unkeptOf({ unkept, removed }: SetVersions): SetVersions['unkept'] {
    Atomics.add(this.#counters, REMOVED, removed)
    return unkept
  }

  async #prune(id: number, { limits }: Extract<WriterCall, { call: 'prune' }>): Promise<void> {
    try {
      const steps = this.#file.prune(limits)
      this.#prunings.set(id, steps)
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

  /** Adds the words of rows that are not in the index; calls that have arrived go first. */
  async fillWords(): Promise<void> {
    try {
      for (const removed of this.#file.fillWords()) {
        Atomics.add(this.#counters, REMOVED, removed)
        await nextTurn()
        if (this.#isClosing || this.#isEnding) return
      }
    } catch (error) {
      const reason = this.#file.failureOf(error).message
      const message = 'words of older records cannot be searched for until the next start'
      this.#port.postMessage({ ids: [], notice: { details: { reason }, message } } satisfies Answer)
    }
  }

  #endPrunings(): void {
    for (const [id, steps] of this.#prunings) {
      steps.return(0)
      this.#answer({ ids: [id], value: 0 })
    }
  }

  #fail(ids: readonly number[], error: unknown): void {
    this.#answer({ ids, failure: toWire(this.#file.failureOf(error)) })
    if (this.#file.isGone && !this.#isEnding) this.#end()
  }

  /** Ends this worker, which is of no use without its file; the next call starts one that opens the file that is there then. */
  #end(): void {
    this.#isEnding = true
    // The main thread must not wait for batches that come too late.
    Atomics.add(this.#counters, FAILED, 1)
    Atomics.store(this.#counters, THROUGH, ALL_THROUGH)
    Atomics.notify(this.#counters, THROUGH)
    // After the answers.
    setImmediate(() => this.#port.close())
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
    setImmediate(() => void worker.fillWords())
  } catch (error) {
    port.postMessage({ ids: [0], failure: toWire(error as Error) } satisfies Answer)
  }
}

function versionsOf({
  versions,
}: Extract<WriterCall, { call: 'compareAndSet' }>): ExpectedVersion[] {
  return versions.map(({ record, expected }) => ({ record: unpacked(record), expected }))
}
