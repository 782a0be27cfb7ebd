import type { Redactor } from '@fastify-scs/core'
import { audibleLog, errorForLog } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { Settings } from './options.js'
import type { SlowCallReport } from './report.js'

/** What became of the reports. */
export interface DeliveryStats {
  readonly delivered: number
  /** Reports that neither the error reporter nor `onSlowCall` took; they are in the log. */
  readonly failed: number
}

/** What error-reporter decorates an app with, as far as it is used here. */
interface ReportingApp {
  reportError(
    title: string,
    options: { data: unknown; fatal: boolean; request: FastifyRequest },
  ): unknown
}

/** Hands reports to the error reporter if there is one, else to `onSlowCall`, else to the application log. */
export class Delivery {
  readonly #settings: Settings
  readonly #redactor: Redactor
  /** For an app without a logger, whose requests have none either. */
  readonly #fallbackLog: FastifyBaseLogger | undefined
  #delivered = 0
  #failed = 0

  constructor(settings: Settings, redactor: Redactor, log: FastifyBaseLogger) {
    this.#settings = settings
    this.#redactor = redactor
    const audible = audibleLog(log)
    this.#fallbackLog = audible === log ? undefined : audible
  }

  /** Never throws; what fails is logged together with the report. */
  deliver(report: SlowCallReport, request: FastifyRequest): void {
    this.#delivered++
    try {
      const result = this.#hand(report, request)
      if (result instanceof Promise) result.catch((error) => this.#fail(error, report, request))
    } catch (error) {
      this.#fail(error, report, request)
    }
  }

  stats(): DeliveryStats {
    return { delivered: this.#delivered, failed: this.#failed }
  }

  #hand(report: SlowCallReport, request: FastifyRequest): unknown {
    const { server } = request
    if (server.hasDecorator('reportError')) {
      const app = server as unknown as ReportingApp
      return app.reportError(report.title, { data: report, fatal: false, request })
    }
    if (this.#settings.onSlowCall !== undefined) return this.#settings.onSlowCall(report, request)
    this.#logOf(request).warn({ slowCall: report }, report.title)
    return undefined
  }

  #fail(error: unknown, report: SlowCallReport, request: FastifyRequest): void {
    this.#delivered--
    this.#failed++
    const err = errorForLog(error, this.#redactor)
    this.#logOf(request).error(
      { err, slowCall: report },
      `${report.title} (the report was not taken)`,
    )
  }

  #logOf(request: FastifyRequest): FastifyBaseLogger {
    return this.#fallbackLog ?? request.log
  }
}
