import type { Redactor } from '@fastify-scs/core'
import { audibleLog, errorForLog } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify'
import type { BlockedReport } from './blocked-report.js'
import { keptReportOf } from './flat-tree.js'

/** Takes a report of a blocked event loop when there is no error reporter; the request where it is known. */
export type BlockedListener = (
  report: BlockedReport,
  request: FastifyRequest | undefined,
) => unknown

/** What error-reporter decorates an app with, as far as it is used here. */
interface ReportingApp {
  reportError(
    title: string,
    options: {
      data: unknown
      kind: 'blocked'
      trace: readonly string[]
      occurrences: number
      request?: FastifyRequest
    },
  ): unknown
}

/** Passes reports of a blocked event loop to the error reporter if there is one, else to `onBlocked`, else to the application log. */
export class BlockedDelivery {
  readonly #app: FastifyInstance
  readonly #redactor: Redactor
  readonly #onBlocked: BlockedListener | undefined
  readonly #log: FastifyBaseLogger
  #delivered = 0
  #failed = 0

  constructor(app: FastifyInstance, onBlocked: BlockedListener | undefined) {
    this.#app = app
    this.#redactor = app.scs.redactor
    this.#onBlocked = onBlocked
    this.#log = audibleLog(app.log)
  }

  get delivered(): number {
    return this.#delivered
  }

  get failed(): number {
    return this.#failed
  }

  /** Never throws; what fails is logged together with the report. */
  deliver(report: BlockedReport, request: FastifyRequest | undefined): void {
    this.#delivered++
    try {
      const result = this.#pass(report, request)
      if (result instanceof Promise) result.catch((error) => this.#fail(error, report))
    } catch (error) {
      this.#fail(error, report)
    }
  }

  #pass(report: BlockedReport, request: FastifyRequest | undefined): unknown {
    const server = request?.server ?? this.#app
    if (server.hasDecorator('reportError')) {
      const app = server as unknown as ReportingApp
      return app.reportError(report.title, {
        data: keptReportOf(report),
        kind: 'blocked',
        trace: report.stack,
        // Which blocks are reported has been decided by place already.
        occurrences: report.suppressed + 1,
        ...(request !== undefined && { request }),
      })
    }
    this.#app.scs.records.publish('reports', report)
    if (this.#onBlocked !== undefined) return this.#onBlocked(report, request)
    this.#log.warn({ blocked: report }, report.title)
    return undefined
  }

  #fail(error: unknown, report: BlockedReport): void {
    this.#delivered--
    this.#failed++
    const err = errorForLog(error, this.#redactor)
    this.#log.error({ err, blocked: report }, `${report.title} (the report was not taken)`)
  }
}
