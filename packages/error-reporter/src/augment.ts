import type { ErrorReporterHandle } from './handle.js'
import type { ReportOptions, RequestReportOptions } from './report/report-options.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** What has been reported, and what became of it. */
    readonly errorReporter: ErrorReporterHandle
    /**
     * Reports an error and goes on running. From PyMacaron's `report_error`. Never throws.
     *
     * @returns the report's error id; undefined when reporting is switched off
     */
    reportError(title: string, options?: ReportOptions): string | undefined
  }

  interface FastifyRequest {
    /**
     * Reports an error of this request and goes on running. Never throws.
     *
     * @returns the report's error id; undefined when reporting is switched off
     */
    reportError(title: string, options?: RequestReportOptions): string | undefined
  }
}
