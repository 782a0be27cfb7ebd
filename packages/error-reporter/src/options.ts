import type { Scs } from '@fastify-scs/core'
import { checkOptions } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { OptionsError } from './errors.js'
import { optionsSchema } from './options-schema.js'
import type { CrashReport } from './report/crash-report.js'
import type { ReportUserFinder } from './report/report-user.js'
import { logReporter } from './reporters/log.js'
import type { ErrorReporter } from './reporters/reporter.js'

/** Errors that are no crash for this service. */
export interface IgnoreOptions {
  /** Classes of errors; their subclasses as well. */
  readonly classes?: readonly (abstract new (
    ...args: never[]
  ) => unknown)[]
  /** Ids (`orders-closed`) or codes (`ORDERS_CLOSED`) of errors. */
  readonly ids?: readonly string[]
  /** Whether to ignore an error; `error` is undefined for a 5xx that was merely returned. */
  readonly when?: (error: unknown, request: FastifyRequest) => boolean
}

/** How reports are delivered; each reporter has a queue of its own. */
export interface DeliveryOptions {
  /** Time of one attempt, in milliseconds. @default 10000 */
  readonly timeoutMs?: number
  /** New attempts after the first. @default 3 */
  readonly retries?: number
  /** Before the first new attempt, in milliseconds; doubles with each. @default 1000 */
  readonly retryMs?: number
  /** Between two attempts at most, in milliseconds. @default 30000 */
  readonly maxRetryMs?: number
  /** Reports that are delivered at once. @default 2 */
  readonly concurrency?: number
  /** Reports that may wait; one more goes to the log. @default 100 */
  readonly maxQueued?: number
  /** Time for what is left when the app closes, in milliseconds. @default 5000 */
  readonly shutdownMs?: number
}

/** Options of the error reporter. */
export interface ErrorReporterOptions {
  /** The service's name in titles. @default app.scs.source */
  readonly apiName?: string
  readonly apiVersion?: string
  /** `production`, `staging` ... @default NODE_ENV, or 'development' */
  readonly environment?: string
  /** Who gets the reports. From PyMacaron's `error_reporter`. @default logReporter() */
  readonly errorReporter?: ErrorReporter | readonly ErrorReporter[]
  /** What is never reported as a crash. */
  readonly ignore?: IgnoreOptions
  /** Changes a report, in place or by returning another one; null drops it. Synchronous. */
  readonly beforeReport?: (report: CrashReport) => CrashReport | null | undefined
  /** Groups errors in its own way; undefined leaves an error to the default. Synchronous. */
  readonly fingerprint?: (error: unknown) => string | undefined
  /**
   * What a report shows of who made its request: `(request) => ({ id, name, email, language })`; called when the report is
   * made. Its texts pass the redactor, which leaves an email address: naming it is the application's choice. Synchronous.
   */
  readonly reportUser?: ReportUserFinder
  /** A group is reported again at so many times the occurrences of its last report; 1 reports each. @default 2 */
  readonly growth?: number
  /** A group that was quiet for so long is reported like a new one, in milliseconds. @default 3600000 */
  readonly quietMs?: number
  /** Reports of all groups together; false for no limit. @default 60 */
  readonly maxCallsPerMinute?: number | false
  /** Groups that are remembered. @default 1000 */
  readonly maxGroups?: number
  /** Bytes of a request's body, and of `data`, that a report keeps. @default 16384 */
  readonly maxBodyBytes?: number
  /**
   * How long a store may take to say whether a report is due for all instances, in milliseconds; then this instance's own
   * count decides. @default 1000
   */
  readonly storeTimeoutMs?: number
  readonly delivery?: DeliveryOptions
  /** Whether an uncaught exception or rejection is reported before it ends the process. @default false */
  readonly captureProcessErrors?: boolean
}

export const DEFAULT_DELIVERY: Required<DeliveryOptions> = {
  timeoutMs: 10_000,
  retries: 3,
  retryMs: 1_000,
  maxRetryMs: 30_000,
  concurrency: 2,
  maxQueued: 100,
  shutdownMs: 5_000,
}
export const DEFAULT_GROWTH = 2
export const DEFAULT_QUIET_MS = 3_600_000
export const DEFAULT_MAX_CALLS_PER_MINUTE = 60
export const DEFAULT_MAX_GROUPS = 1_000
export const DEFAULT_MAX_BODY_BYTES = 16_384
export const DEFAULT_STORE_TIMEOUT_MS = 1_000

/** The options with their defaults. */
export interface ResolvedOptions
  extends Required<
    Omit<
      ErrorReporterOptions,
      'apiVersion' | 'errorReporter' | 'beforeReport' | 'fingerprint' | 'reportUser' | 'delivery'
    >
  > {
  readonly apiVersion: string | null
  readonly reporters: readonly ErrorReporter[]
  readonly beforeReport: ErrorReporterOptions['beforeReport']
  readonly fingerprint: ErrorReporterOptions['fingerprint']
  readonly reportUser: ErrorReporterOptions['reportUser']
  readonly delivery: Required<DeliveryOptions>
}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_REPORTER_ERR_OPTIONS
 */
export function resolveOptions(options: ErrorReporterOptions, scs: Scs): ResolvedOptions {
  checkOptions(optionsSchema, options, (...details) => new OptionsError(...details))
  return {
    apiName: options.apiName ?? scs.source,
    apiVersion: options.apiVersion ?? null,
    environment: options.environment ?? process.env.NODE_ENV ?? 'development',
    reporters: [options.errorReporter ?? logReporter()].flat(),
    ignore: options.ignore ?? {},
    beforeReport: options.beforeReport,
    fingerprint: options.fingerprint,
    reportUser: options.reportUser,
    growth: options.growth ?? DEFAULT_GROWTH,
    quietMs: options.quietMs ?? DEFAULT_QUIET_MS,
    maxCallsPerMinute: options.maxCallsPerMinute ?? DEFAULT_MAX_CALLS_PER_MINUTE,
    maxGroups: options.maxGroups ?? DEFAULT_MAX_GROUPS,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    storeTimeoutMs: options.storeTimeoutMs ?? DEFAULT_STORE_TIMEOUT_MS,
    delivery: { ...DEFAULT_DELIVERY, ...options.delivery },
    captureProcessErrors: options.captureProcessErrors ?? false,
  }
}
