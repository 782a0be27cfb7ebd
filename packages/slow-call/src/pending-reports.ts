import { performance } from 'node:perf_hooks'
import type { Call } from './call.js'
import type { Delivery } from './delivery.js'
import type { SlowCallReport } from './report.js'

/** A report waits so long for its answer to be sent; one that takes longer (a stream) is reported as going on. */
const SENDING_WAIT_MS = 1000

/** Reports that wait until their answer has been sent, to say how long that took. */
export class PendingReports {
  readonly #delivery: Delivery
  readonly #reports = new Map<Call, SlowCallReport>()

  constructor(delivery: Delivery) {
    this.#delivery = delivery
  }

  add(call: Call, report: SlowCallReport): void {
    this.#reports.set(call, report)
    call.reply.raw.once('close', () => this.#deliver(call, performance.now()))
  }

  /** Delivers those that have waited long enough. */
  tick(now: number): void {
    for (const call of this.#reports.keys()) {
      if (now - call.firstByteAt >= SENDING_WAIT_MS) this.#deliver(call)
    }
  }

  /** Delivers all of them. */
  flush(): void {
    for (const call of this.#reports.keys()) this.#deliver(call)
  }

  #deliver(call: Call, closedAt?: number): void {
    const report = this.#reports.get(call)
    if (report === undefined) return
    this.#reports.delete(call)
    const sendingMs = closedAt === undefined ? null : closedAt - call.firstByteAt
    const isAborted = closedAt !== undefined && !call.reply.raw.writableFinished
    const phases = { ...report.phases, sendingMs }
    this.#delivery.deliver({ ...report, phases, isAborted }, call.request)
  }
}
