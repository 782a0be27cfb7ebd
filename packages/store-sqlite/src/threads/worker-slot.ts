import { StoreUnavailableError } from '@fastify-scs/store/adapter'
import { ENGINE } from '../failure.js'
import type { Notice, WorkerRole, WorkerStart } from './protocol.js'
import { WorkerLine } from './worker-line.js'

/** How long a worker may take to end by itself, in milliseconds; it may wait for another process's lock. */
const CLOSE_MS = 5_000
/** The share of that time for which it may go on waiting; the rest is to end what it does then. */
const PATIENT_SHARE = 0.4
/** How long to wait for the end of a worker that is ended, in milliseconds. */
const STOP_MS = 250

/** The place of one worker: started when it is needed, and again when it has died. */
export class WorkerSlot<Call> {
  readonly #role: WorkerRole
  readonly #onNotice: (notice: Notice) => void
  #start: Omit<WorkerStart, 'counters'>
  #starting: Promise<WorkerLine<Call>> | undefined
  #line: WorkerLine<Call> | undefined
  #isClosed = true

  constructor(
    role: WorkerRole,
    start: Omit<WorkerStart, 'counters'>,
    onNotice: (notice: Notice) => void,
  ) {
    this.#role = role
    this.#start = start
    this.#onNotice = onNotice
  }

  /** The worker, if it runs. */
  get running(): WorkerLine<Call> | undefined {
    return this.#line?.isGone === false ? this.#line : undefined
  }

  /** What the next worker keeps the file to, in bytes. */
  set maxBytes(maxBytes: number) {
    this.#start = { ...this.#start, maxBytes }
  }

  /** Makes the next worker keep the words of bodies, and search them. */
  searchBodies(): void {
    this.#start = { ...this.#start, searchBodies: true }
  }

  /** Lets workers be started. */
  open(): void {
    this.#isClosed = false
  }

  /** The worker, which is started if it does not run. @throws what it says when it can't open the file */
  async line(): Promise<WorkerLine<Call>> {
    if (this.#isClosed) throw new StoreUnavailableError(ENGINE, 'it is closed')
    if (this.running !== undefined) return this.running
    this.#starting ??= WorkerLine.start<Call>(this.#role, this.#start, this.#onNotice)
    try {
      this.#line = await this.#starting
      return this.#line
    } finally {
      this.#starting = undefined
    }
  }

  /** Ends the worker with a last call, or without when it does not answer in time. */
  async close(lastCall: Call, withinMs: number = CLOSE_MS): Promise<void> {
    this.#isClosed = true
    const starting = this.#starting?.catch(() => undefined)
    const line = this.running ?? (await Promise.race([starting, afterMs(withinMs)]))
    this.#line = undefined
    // A worker that still starts is ended once it has; a start that fails has told whoever asked for it.
    if (line === undefined) void starting?.then((late) => late?.terminate())
    if (line === undefined || line.isGone) return
    const answer = line.ask(lastCall).catch(() => undefined)
    const patientMs = withinMs * PATIENT_SHARE
    await Promise.race([answer, afterMs(patientMs)])
    line.stopWaiting()
    await Promise.race([answer, afterMs(withinMs - patientMs)])
    // What a thread does within SQLite it does to its end: nobody waits for that.
    await Promise.race([line.terminate(), afterMs(STOP_MS)])
  }
}

function afterMs(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref())
}
