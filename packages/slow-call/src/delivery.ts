import { performance } from 'node:perf_hooks'
import type { RecordFeed, Scs } from '@fastify-scs/core'
import { audibleLog, errorForLog, onAnswerEnd } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import { type Call, isUpgraded } from './call.js'
import type { Settings } from './options.js'
import { messageOf, type SlowCallReport } from './report.js'

/** Reports by their outcome. */
export interface DeliveryStats {
  readonly delivered: number
  /** Reports that neither the error reporter nor `onSlowCall` took; they are in the log. */
  readonly failed: number
}

/** What error-reporter decorates an app with, as far as it is used here. */
interface ReportingApp {
  reportError(
    title: string,
    options: {
      data: unknown
      kind: 'slow' | 'stuck'
      request: FastifyRequest
      occurrences: number
    },
  ): unknown
}

/** The part of `app.errorReporter` that is used; that of an earlier version has no `count`. */
interface CountingApp {
  readonly errorReporter: { count?(kind: 'slow' | 'stuck', request: FastifyRequest): boolean }
}

/** Passes reports to the error reporter if there is one, else to `onSlowCall`, else to the application log. */
export class Delivery {
  readonly #settings: Settings
  readonly #redactor: Scs['redactor']
  readonly #records: RecordFeed
  /** For an app without a logger, whose requests have none either. */
  readonly #fallbackLog: FastifyBaseLogger | undefined
  #delivered = 0
  #failed = 0

  constructor(settings: Settings, scs: Pick<Scs, 'redactor' | 'records'>, log: FastifyBaseLogger) {
    this.#settings = settings
    this.#redactor = scs.redactor
    this.#records = scs.records
    const audible = audibleLog(log)
    this.#fallbackLog = audible === log ? undefined : audible
  }

  /** Never throws; what fails is logged together with the report. */
  deliver(report: SlowCallReport, call: Call): void {
    const { request } = call.life
    this.#delivered++
    try {
      const result = this.#pass(report, request, call.isCounted)
      if (result instanceof Promise) result.catch((error) => this.#fail(error, report, request))
    } catch (error) {
      this.#fail(error, report, request)
    }
  }

  /** Tells the error reporter of a call that is not to be reported; whether it is to be after all. Never throws. */
  count(kind: 'slow' | 'stuck', call: Call): boolean {
    const { request } = call.life
    call.isCounted = countOf(request) !== undefined
    try {
      return countOf(request)?.(kind, request) ?? false
    } catch (error) {
      const err = errorForLog(error, this.#redactor)
      this.#logOf(request).error({ err }, 'a slow call was not counted')
      return false
    }
  }

  stats(): DeliveryStats {
    return { delivered: this.#delivered, failed: this.#failed }
  }

  #pass(report: SlowCallReport, request: FastifyRequest, isCounted: boolean): unknown {
    const { server } = request
    if (server.hasDecorator('reportError')) {
      const app = server as unknown as ReportingApp
      // Which calls are reported was decided by route already: the error reporter must not suppress some of them again. A stuck call
      // that has ended was counted when it was stuck, and those that are not reported have been counted one by one.
      const isNew = report.kind !== 'stuck-ended' && !isCounted
      const uncounted = countOf(request) === undefined ? report.suppressed : 0
      const occurrences = isNew ? uncounted + 1 : 0
      const kind = report.kind === 'slow' ? 'slow' : 'stuck'
      return app.reportError(report.title, { data: report, kind, request, occurrences })
    }
    this.#records.publish('reports', report)
    if (this.#settings.onSlowCall !== undefined) return this.#settings.onSlowCall(report, request)
    this.#logOf(request).warn(
      { durationMs: report.durationMs, slowCall: report },
      messageOf(report),
    )
    return undefined
  }

  #fail(error: unknown, report: SlowCallReport, request: FastifyRequest): void {
    this.#delivered--
    this.#failed++
    const err = errorForLog(error, this.#redactor)
    this.#logOf(request).error(
      { err, durationMs: report.durationMs, slowCall: report },
      `${messageOf(report)} (the report was not taken)`,
    )
  }

  #logOf(request: FastifyRequest): FastifyBaseLogger {
    return this.#fallbackLog ?? request.log
  }
}

/** What counts calls that are not reported; undefined without an error reporter that does. */
function countOf({ server }: FastifyRequest): CountingApp['errorReporter']['count'] {
  if (!server.hasDecorator('errorReporter')) return undefined
  return (server as unknown as CountingApp).errorReporter.count
}

/** Longest wait of a report for its answer to be sent, in milliseconds; one that takes longer (a stream) is reported as going on. */
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
    onAnswerEnd(call.life.reply.raw, (isWhole) => {
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
    this.#delivery.deliver({ ...report, phases, isAborted }, call)
  }
}
