import { isErrorObject, unknownFieldsOf } from '@fastify-scs/core/kit'
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

/** The options of a call, and what was wrong about them as they were given. */
export interface ReadReportOptions {
  readonly options: RequestReportOptions & { readonly request?: FastifyRequest | undefined }
  readonly mistake: string | undefined
}

const FIELDS: readonly string[] = ['caught', 'data', 'fatal']
const APP_FIELDS: readonly string[] = [...FIELDS, 'request']

/**
 * Reads what `reportError` was given besides the title. The report is made whatever that is: a mistake is for the log.
 *
 * @param request the one that was asked to report; undefined for the app, which is given it among the options
 */
export function readReportOptions(
  given: unknown,
  request: FastifyRequest | undefined,
): ReadReportOptions {
  const known = request === undefined ? APP_FIELDS : FIELDS
  if (typeof given !== 'object' || given === null) {
    return { options: { request }, mistake: undefined }
  }
  if (isErrorObject(given)) {
    const mistake = `expected an object of ${known.join(', ')}, got an error; it is taken as caught`
    return { options: { caught: given, request }, mistake }
  }
  const options = request === undefined ? given : { ...given, request }
  return { options, mistake: unknownFieldsOf(given, known) }
}
