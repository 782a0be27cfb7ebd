import { performance } from 'node:perf_hooks'
import { onAnswerEnd } from '@fastify-scs/core/kit'
import { type Call, isUpgraded } from './call.js'
import type { Delivery } from './delivery.js'
import type { SlowCallReport } from './report.js'

/** A report waits so long for its answer to be sent; one that takes longer (a stream) is reported as going on. */
const SENDING_WAIT_MS = 1000

/** When and how an answer was over. */
interface AnswerEnd {
  readonly at: number
  readonly isAborted: boolean
}

/** Reports that wait until their answer has been sent, to say how long that took. */
export class PendingReports {
  readonly #delivery: Delivery
  readonly #reports = new Map<Call, SlowCallReport>()

  constructor(delivery: Delivery) {
    this.#delivery = delivery
  }

  add(call: Call, report: SlowCallReport): void {
    this.#reports.set(call, report)
    onAnswerEnd(call.reply.raw, (isWhole) => {
      // What a WebSocket's connection carries, and how that ends, is no part of its handshake.
      this.#deliver(call, { at: performance.now(), isAborted: !isWhole && !isUpgraded(call) })
    })
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

  #deliver(call: Call, end?: AnswerEnd): void {
    const report = this.#reports.get(call)
    if (report === undefined) return
    this.#reports.delete(call)
    const sendingMs = end === undefined ? null : end.at - call.firstByteAt
    const phases = { ...report.phases, sendingMs }
    const isAborted = end?.isAborted ?? false
    this.#delivery.deliver({ ...report, phases, isAborted }, call.request)
  }
}
