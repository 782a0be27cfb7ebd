import { isErrorObject, show, unknownFieldsOf } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'

/** What `request.reportError` takes beside the title. */
export interface RequestReportOptions {
  /** What went wrong: an Error, an Error-model object, a fetch Response, anything. */
  readonly caught?: unknown
  /** Anything that helps to understand the error; redacted and cut. */
  readonly data?: unknown
  /** Whether the call has failed by this error. @default false */
  readonly fatal?: boolean
}

/** What `app.reportError` takes beside the title. */
export interface ReportOptions extends RequestReportOptions {
  /** The request that the error belongs to. */
  readonly request?: FastifyRequest
  /**
   * How many occurrences the report stands for, where the caller has decided itself which of them are reported: then it is reported,
   * unless `maxCallsPerMinute` is reached or the group is muted. 0 for one that was counted before. @default the grouping decides
   */
  readonly occurrences?: number
  /** What the report is about, for a plugin that watches calls; of a report that is not fatal. @default 'non-fatal' */
  readonly kind?: 'slow' | 'stuck' | 'blocked'
  /**
   * Frames of a stack, as V8 writes them (`    at name (file:line:column)`), the innermost first, for what has no error: they are the report's
   * `trace`, and tell its group from others of its kind.
   */
  readonly trace?: readonly string[]
}

/** The options of a call, and what was wrong with them. */
export interface ReadReportOptions {
  readonly options: Omit<ReportOptions, 'request'> & {
    readonly request?: FastifyRequest | undefined
  }
  readonly mistake: string | undefined
}

const FIELDS: readonly string[] = ['caught', 'data', 'fatal']
const APP_FIELDS: readonly string[] = [...FIELDS, 'request', 'occurrences', 'kind', 'trace']
const KINDS: readonly unknown[] = [undefined, 'slow', 'stuck', 'blocked']

/**
 * Reads the options of `reportError`. The report is made even if they are wrong; `mistake` is logged.
 *
 * @param request the request whose `reportError` was called; undefined for that of the app, which takes it as an option
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
  const options: ReportOptions = request === undefined ? given : { ...given, request }
  if (!KINDS.includes(options.kind)) {
    const { kind, ...rest } = options
    const mistake = `expected kind to be 'slow', 'stuck' or 'blocked', got ${show(kind)}`
    return { options: rest, mistake }
  }
  if (!isTrace(options.trace)) {
    const { trace, ...rest } = options
    const mistake = `expected trace to be a list of lines, got ${show(trace)}`
    return { options: rest, mistake }
  }
  return { options, mistake: unknownFieldsOf(given, known) }
}

function isTrace(trace: unknown): boolean {
  if (trace === undefined) return true
  return Array.isArray(trace) && trace.every((line) => typeof line === 'string')
}

/**
 * Returns a function that reads the stack of the call to `caller`; it must be called before that call returns. A function,
 * because most calls in a storm never need the stack.
 */
export function callStackOf(caller: (...args: never[]) => unknown): () => string {
  return () => {
    const holder: { stack?: string } = {}
    Error.captureStackTrace(holder, caller)
    const stack = holder.stack ?? ''
    // The first line is the holder's own.
    return stack.slice(stack.indexOf('\n') + 1)
  }
}
