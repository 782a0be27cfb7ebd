import type { FastifyRequest } from 'fastify'

/** What `request.reportError` takes besides the title. */
export interface RequestReportOptions {
  /** What went wrong: an Error, an Error-model object, a fetch Response, anything. */
  readonly caught?: unknown
  /** Anything that helps to understand it; redacted and cut. */
  readonly data?: unknown
  /** Whether the call has failed for good. @default false */
  readonly fatal?: boolean
}

/** What `app.reportError` takes besides the title. */
export interface ReportOptions extends RequestReportOptions {
  /** The request that it is about. */
  readonly request?: FastifyRequest
}
