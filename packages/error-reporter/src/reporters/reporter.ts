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
   * The very value that was thrown, or passed as `caught`, so that another service's reporter can take it: neither redacted
   * nor cut. Undefined where there is none: a 5xx that was merely returned, a report without `caught`.
   */
  readonly error: unknown
}

/**
 * Sends a report to somebody; one that throws or rejects is called again later. From PyMacaron's `error_reporter`,
 * which gets the first two arguments.
 */
export interface ErrorReporter {
  /**
   * @param title one line
   * @param message the whole report as JSON, with sorted keys
   * @param report the same as data
   */
  (title: string, message: string, report: CrashReport, delivery: Delivery): unknown
  /** Delivers before it returns: the only way when the process is about to end. */
  readonly sync?: SyncReporter
  /** Whether it does not look at the message: then it gets an empty one, and that much less work is done. @default false */
  readonly ignoresMessage?: boolean
}

/** A reporter that is done when it returns; `error` is that of a `Delivery`. */
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

/** A failure that another attempt would only repeat, or that says when to try again. */
export interface RetryAdvice {
  /** Whether trying again is of no use. */
  readonly isFinal?: boolean
  /** How long to wait at least, in milliseconds. */
  readonly retryAfterMs?: number
}

/** The advice that a reporter's error carries, if any. */
export function retryAdviceOf(error: unknown): RetryAdvice {
  if (typeof error !== 'object' || error === null) return {}
  const { isFinal, retryAfterMs } = error as { isFinal?: unknown; retryAfterMs?: unknown }
  return {
    isFinal: isFinal === true,
    ...(typeof retryAfterMs === 'number' && retryAfterMs > 0 ? { retryAfterMs } : {}),
  }
}
