import { within } from '@fastify-scs/core/kit'
import { StoreUnavailableError } from '@fastify-scs/store/adapter'
import { ENGINE } from '../failure.js'
import type { Notice, WorkerRole, WorkerSetup, WorkerStart } from './protocol.js'
import { WorkerLine } from './worker-line.js'

/** How long a worker may take to end by itself, in milliseconds; it may wait for another process's lock. */
const CLOSE_MS = 5_000
/** The share of that time for which it may go on waiting for a lock; the rest is for ending its work. */
const PATIENT_SHARE = 0.4
/**
 * How long a worker has at least to return from SQLite, in milliseconds: several waits for a lock (`LOCK_STEP_MS`). better-sqlite3 aborts the
 * whole process when its thread is ended while SQLite is about to fail.
 */
const LEAST_STOP_MS = 500
/** How long to wait for the end of a worker that is ended, in milliseconds. */
const STOP_MS = 250

/** Holds one worker, which is started when it is needed, and again when it has died. */
export class WorkerSlot<Call> {
  readonly #role: WorkerRole
  readonly #onNotice: (notice: Notice) => void
  readonly #start: Omit<WorkerStart, 'counters'>
  #setup: WorkerSetup = {}
  #starting: Promise<WorkerLine<Call>> | undefined
  #line: WorkerLine<Call> | undefined
  #isClosed = true
  /** What workers that have ended were at work for, in milliseconds. */
  #endedMs = 0

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

  /** How long the workers have been at work, in milliseconds. */
  get busyMs(): number {
    return this.#endedMs + (this.#line?.busyMs ?? 0)
  }

  /** Lets workers be started, each with this setup. */
  open(setup: WorkerSetup): void {
    this.#setup = setup
    this.#isClosed = false
  }

  /** The worker, which is started if it does not run. @throws the coded error of a worker that can't open the file */
  async line(): Promise<WorkerLine<Call>> {
    if (this.#isClosed) throw new StoreUnavailableError(ENGINE, 'it is closed')
    if (this.running !== undefined) return this.running
    this.#starting ??= WorkerLine.start<Call>(
      this.#role,
      { ...this.#start, ...this.#setup },
      this.#onNotice,
    )
    try {
      const line = await this.#starting
      if (this.#line !== line) this.#replaceLine(line)
      return line
    } finally {
      this.#starting = undefined
    }
  }

  /**
   * Goes on without a worker that does not return from SQLite, whose last call ends it once it does. It is not ended from outside:
   * better-sqlite3 may abort the whole process then.
   */
  abandon(line: WorkerLine<Call>, lastCall: Call): void {
    line.leave(lastCall)
    if (this.#line === line) this.#replaceLine(undefined)
  }

  #replaceLine(line: WorkerLine<Call> | undefined): void {
    this.#endedMs += this.#line?.busyMs ?? 0
    this.#line = line
  }

  /** Ends the worker with a last call, or without when it does not answer in time. */
  async close(lastCall: Call, withinMs: number = CLOSE_MS): Promise<void> {
    this.#isClosed = true
    const starting = this.#starting?.catch(() => undefined)
    const line = this.running ?? (starting && (await within(starting, withinMs)))
    this.#replaceLine(undefined)
    // A worker that is still starting is ended afterwards; a start that fails rejects the call that asked for it.
    if (line === undefined) void starting?.then((late) => late?.terminate())
    if (line === undefined || line.isGone) return
    const answer = line.ask(lastCall).catch(() => undefined)
    const patientMs = withinMs * PATIENT_SHARE
    await within(answer, patientMs)
    line.stopWaiting()
    await within(answer, Math.max(withinMs - patientMs, LEAST_STOP_MS))
    // A thread completes what it does within SQLite; nobody waits for that.
    await within(line.terminate(), STOP_MS)
  }
}
