import type { FastifyBaseLogger } from 'fastify'
import type { CrashReport } from '../report/crash-report.js'

/** What a reporter is told about the attempt that it makes. */
export interface Delivery {
  /** Aborted when the attempt has taken too long or the app has closed. */
  readonly signal: AbortSignal
  /** 1 for the first attempt. */
  readonly attempt: number
  /** The application's log. */
  readonly log: FastifyBaseLogger
  /**
   * The value that was thrown, or passed as `caught`, itself: neither redacted nor cut, for a service that wants the error and
   * not the report. Undefined where there is none: a 5xx that was returned without an error, a report without `caught`.
   */
  readonly error: unknown
}

/**
 * Sends a report to somebody; when it throws or rejects it is called again later. From PyMacaron's `error_reporter`, which
 * gets the first two arguments.
 */
export interface ErrorReporter {
  /**
   * @param title one line
   * @param message the whole report as JSON, with sorted keys
   * @param report the same as data
   */
  (title: string, message: string, report: CrashReport, delivery: Delivery): unknown
  /** Delivers before it returns. Called when the process is about to end; without it such a report goes to the log. */
  readonly sync?: SyncReporter
  /** Whether it does not read the message; it then gets an empty one, which spares the work of making it. @default false */
  readonly ignoresMessage?: boolean
}

/** A reporter that has delivered when it returns; `error` is that of a `Delivery`. */
export type SyncReporter = (
  title: string,
  message: string,
  report: CrashReport,
  log: FastifyBaseLogger,
  error?: unknown,
) => void

/** Makes a reporter with the name that logs and statistics show. */
export function namedReporter(
  name: string,
  report: (...args: Parameters<ErrorReporter>) => unknown,
  traits: Pick<ErrorReporter, 'sync' | 'ignoresMessage'> = {},
): ErrorReporter {
  Object.defineProperty(report, 'name', { value: name })
  return Object.assign(report, traits)
}

/** What the error of a reporter may say about another attempt. */
export interface RetryAdvice {
  /** Whether another attempt would fail as well. */
  readonly isFinal?: boolean
  /** How long to wait at least, in milliseconds; `delivery.maxRetryMs` at most. */
  readonly retryAfterMs?: number
}

/** The advice that a reporter's error carries; empty for none. */
export function retryAdviceOf(error: unknown): RetryAdvice {
  if (typeof error !== 'object' || error === null) return {}
  const { isFinal, retryAfterMs } = error as { isFinal?: unknown; retryAfterMs?: unknown }
  return {
    isFinal: isFinal === true,
    ...(typeof retryAfterMs === 'number' && retryAfterMs > 0 ? { retryAfterMs } : {}),
  }
}
