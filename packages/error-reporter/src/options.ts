import type { Scs } from '@fastify-scs/core'
import {
  type CallbackFailures,
  resolveOptions as fillOptions,
  functionOf,
  type Given,
  listOf,
  nonEmptyText,
  numberBetween,
  optionsObject,
  orFalse,
  type Resolved,
  trueOrFalse,
  wholeNumber,
  withDefault,
} from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { OptionsError } from './errors.js'
import type { CrashReport } from './report/crash-report.js'
import type { ReportUserFinder } from './report/report-user.js'
import { logReporter } from './reporters/log.js'
import type { ErrorReporter } from './reporters/reporter.js'

const DAY_MS = 86_400_000

const ignoreSchema = optionsObject(
  {
    /** Classes of errors; their subclasses are ignored as well. */
    classes: Type.Optional(
      listOf(functionOf<abstract new (...args: never[]) => unknown>(), 'a list of classes'),
    ),
    /** Ids (`orders-closed`) or codes (`ORDERS_CLOSED`) of errors. */
    ids: Type.Optional(listOf(nonEmptyText(), 'a list of ids')),
    /** Whether to ignore an error; `error` is undefined for a 5xx that a handler has returned without an error. Synchronous. */
    when: Type.Optional(functionOf<(error: unknown, request: FastifyRequest) => boolean>()),
  },
  'an object { classes?, ids?, when? }',
)

/** Errors that are not reported as crashes. */
export interface IgnoreOptions extends Given<typeof ignoreSchema> {}

const deliverySchema = optionsObject(
  {
    /** Longest time of one attempt, in milliseconds. @default 10000 */
    timeoutMs: withDefault(wholeNumber(1, DAY_MS), 10_000),
    /** New attempts after the first. @default 3 */
    retries: withDefault(wholeNumber(0, 100), 3),
    /** Wait before the first new attempt, in milliseconds; doubles with each. @default 1000 */
    retryMs: withDefault(wholeNumber(1, DAY_MS), 1_000),
    /** Longest wait between two attempts, in milliseconds. @default 30000 */
    maxRetryMs: withDefault(wholeNumber(1, DAY_MS), 30_000),
    /** Reports that one reporter is given at the same time. @default 2 */
    concurrency: withDefault(wholeNumber(1, 100), 2),
    /** Reports that may wait for one reporter; what does not fit goes to the log. @default 100 */
    maxQueued: withDefault(wholeNumber(1, 10_000), 100),
    /** Time to deliver what is left when the app closes, in milliseconds. @default 5000 */
    shutdownMs: withDefault(wholeNumber(0, DAY_MS), 5_000),
  },
  'an object of delivery options',
)

/** How reports are delivered; each reporter has a queue of its own. */
export interface DeliveryOptions extends Given<typeof deliverySchema> {}

/** The delivery options with their defaults. */
export type DeliveryLimits = Resolved<typeof deliverySchema>

const codeSchema = optionsObject(
  {
    /**
     * The application's root: no code of a file outside of it is shown. In a monorepo that bundles its packages, the repository.
     *
     * @default the working directory; where that is `/`, the folder of the package.json that the main module belongs to
     */
    root: Type.Optional(nonEmptyText('the path of a folder')),
    /** The module of the thread that reads code, for an application that is bundled: a URL, or a path. @default the one of this package */
    workerUrl: Type.Optional(
      Type.Union([nonEmptyText(), Type.Unsafe<URL>(Type.Object({ href: Type.String() }))], {
        description: 'a URL, or the path of a file',
      }),
    ),
  },
  'an object { root?, workerUrl? } or false',
)

const optionsSchema = optionsObject(
  {
    /** The service's name in titles. @default app.scs.source */
    apiName: Type.Optional(nonEmptyText()),
    /**
     * The release that runs. It tells a regression from an error of an older instance where it is named, here or by SCS_RELEASE.
     *
     * @default the variable SCS_RELEASE, else the version in the application's package.json, unless that is 0.0.0
     */
    apiVersion: Type.Optional(nonEmptyText()),
    /** The git commit that runs. @default the variable SCS_COMMIT, else what `.git` says, in the root or above it */
    commit: Type.Optional(nonEmptyText()),
    /** The lines of code around the application's own frames, in each report; false for none. */
    code: withDefault(orFalse(codeSchema), {}),
    /** `production`, `staging` ... @default NODE_ENV, or 'development' */
    environment: Type.Optional(nonEmptyText()),
    /** Who gets the reports. From PyMacaron's `error_reporter`. @default logReporter() */
    errorReporter: Type.Optional(
      Type.Union(
        [functionOf<ErrorReporter>(), listOf(functionOf<ErrorReporter>(), 'a list of functions')],
        { description: 'a function or a list of functions' },
      ),
    ),
    /** Errors that are not reported as crashes. @default none */
    ignore: Type.Optional(ignoreSchema),
    /** Changes a report, in place or by returning another one; null drops it. Synchronous. */
    beforeReport: Type.Optional(
      functionOf<(report: CrashReport) => CrashReport | null | undefined>(),
    ),
    /** Names the group of an error; undefined leaves it to the default. Synchronous. */
    fingerprint: Type.Optional(functionOf<(error: unknown) => string | undefined>()),
    /**
     * What a report shows of who made its request: `(request) => ({ id, name, email, language })`; called when the report
     * is built. The texts pass the redactor, which keeps email addresses: showing one is the application's choice.
     * Synchronous.
     */
    reportUser: Type.Optional(functionOf<ReportUserFinder>()),
    /** A group is reported again at so many times the occurrences of its last report; 1 reports each. @default 2 */
    growth: withDefault(numberBetween(1, 1_000), 2),
    /** A group that was quiet for so long is reported like a new one, in milliseconds. @default 3600000 */
    quietMs: withDefault(wholeNumber(1, 365 * DAY_MS), 3_600_000),
    /** Reports of all groups together in any 60 seconds, but for regressions; false for no limit. @default 60 */
    maxCallsPerMinute: withDefault(
      Type.Union([Type.Literal(false), wholeNumber(1, 100_000)], {
        description: 'a whole number, 1 to 100000, or false',
      }),
      60,
    ),
    /** Groups that are remembered. @default 1000 */
    maxGroups: withDefault(wholeNumber(1, 1_000_000), 1_000),
    /** Longest request body, and longest `data`, that a report keeps, in bytes. @default 16384 */
    maxBodyBytes: withDefault(wholeNumber(0, 1_048_576), 16_384),
    /**
     * How long the store may take to say whether a report is due for all instances, in milliseconds; after that this
     * instance's own count decides. @default 1000
     */
    storeTimeoutMs: withDefault(wholeNumber(1, DAY_MS), 1_000),
    /** How reports are delivered. */
    delivery: withDefault(deliverySchema, {}),
    /** Whether an uncaught exception or rejection is reported before it ends the process. @default false */
    captureProcessErrors: withDefault(trueOrFalse(), false),
  },
  'an object',
)

/** Options of the error reporter. */
export interface ErrorReporterOptions extends Given<typeof optionsSchema> {}

/** The options with their defaults. */
export interface ResolvedOptions
  extends Omit<
    Resolved<typeof optionsSchema>,
    'apiName' | 'apiVersion' | 'commit' | 'environment' | 'errorReporter'
  > {
  readonly apiName: string
  readonly apiVersion: string | null
  readonly commit: string | null
  readonly environment: string
  readonly reporters: readonly ErrorReporter[]
}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_REPORTER_ERR_OPTIONS
 */
export function resolveOptions(
  given: ErrorReporterOptions,
  scs: Pick<Scs, 'source'>,
): ResolvedOptions {
  const options = fillOptions(optionsSchema, given, (...details) => new OptionsError(...details))
  return {
    ...options,
    apiName: options.apiName ?? scs.source,
    apiVersion: options.apiVersion ?? null,
    commit: options.commit ?? null,
    environment: options.environment ?? process.env.NODE_ENV ?? 'development',
    reporters: [options.errorReporter ?? logReporter()].flat(),
  }
}

/** The functions among the options whose failures are counted; `build` is the building of a report itself. */
export const CALLBACK_NAMES = [
  'ignore',
  'beforeReport',
  'fingerprint',
  'reportUser',
  'build',
] as const

/** One of `CALLBACK_NAMES`. */
export type CallbackName = (typeof CALLBACK_NAMES)[number]

/** Logs and counts the failures of these functions. */
export type ReporterCallbackFailures = CallbackFailures<CallbackName>

/**
 * Whether the environment switches reporting off: `NO_ERROR_REPORTING=1`, unless `DO_REPORT_ERROR` forces it on. From
 * PyMacaron, whose test runs set the first.
 */
export function isSwitchedOff(env: Readonly<Record<string, string | undefined>>): boolean {
  if ((env.DO_REPORT_ERROR ?? '') !== '') return false
  return env.NO_ERROR_REPORTING === '1' || env.NO_ERROR_REPORTING === 'true'
}
