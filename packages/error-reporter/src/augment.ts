import type { ErrorReporterHandle } from './plugin.js'
import type { ReportOptions, RequestReportOptions } from './report/report-options.js'
import type { StoredReport } from './report/stored-report.js'

declare module 'fastify' {
  interface FastifyStoredRecords {
    reports: StoredReport
  }

  interface FastifyInstance {
    /** What was reported, and what became of it. */
    readonly errorReporter: ErrorReporterHandle
    /**
     * Reports an error that the application has caught. From PyMacaron's `report_error`. Never throws.
     *
     * @returns the report's error id; undefined when reporting is switched off
     */
    reportError(title: string, options?: ReportOptions): string | undefined
  }

  interface FastifyRequest {
    /**
     * Reports an error of this request that the application has caught. Never throws.
     *
     * @returns the report's error id; undefined when reporting is switched off
     */
    reportError(title: string, options?: RequestReportOptions): string | undefined
  }
  interface FastifyContextConfig {
    /** Ids (`orders-closed`) or codes (`ORDERS_CLOSED`) of errors that are not reported as crashes where this route answers with them. */
    ignoredErrors?: readonly string[]
  }
}
