import {
  functionOf,
  type Given,
  nonEmptyText,
  numberBetween,
  optionsObject,
  orFalse,
  type Resolved,
  resolveOptions as resolve,
  trueOrFalse,
  withDefault,
} from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { BlockedListener } from './blocked/blocked-delivery.js'
import { OptionsError } from './errors.js'
import { millisecondsSchema, stuckAfterSchema } from './limits.js'
import type { SlowCallReport } from './report.js'

/** Takes a report when there is no error reporter. */
export type SlowCallListener = (report: SlowCallReport, request: FastifyRequest) => unknown

/** Whether a request may read the metrics. */
export type MetricsAuthorizer = (request: FastifyRequest) => boolean | Promise<boolean>

const metricsSchema = optionsObject({
  /** @default '/metrics' */
  path: Type.Optional(Type.String({ pattern: '^/', description: "a path that begins with '/'" })),
  /** Whom it refuses gets the application's answer to an unknown route. @default everybody may read them */
  authorize: Type.Optional(functionOf<MetricsAuthorizer>()),
})

/** Shorter ones could not be told from the ticks of the timer. */
const MIN_BLOCKED_MS = 200
const MAX_BLOCKED_MS = 600_000

const schema = optionsObject({
  /** Longest duration of a call, in milliseconds; PyMacaron's `report_call_exceeding_ms`. @default 1000 */
  maxMs: withDefault(millisecondsSchema, 1_000),
  /** A call without an answer is reported as stuck after so many milliseconds; false for never. @default 60_000 */
  stuckAfterMs: withDefault(stuckAfterSchema, 60_000),
  /** The event loop counts as blocked after so many milliseconds without a turn, and what holds it is reported; false for never. @default 1000 */
  blockedAfterMs: withDefault(orFalse(numberBetween(MIN_BLOCKED_MS, MAX_BLOCKED_MS)), 1_000),
  /** The folder where the watch notes what blocks the event loop, for the case that the process does not survive it. @default one below `os.tmpdir()` named after the service */
  blockedFolder: Type.Optional(nonEmptyText('the path of a folder')),
  /** The module of the watch's thread, for an application that is bundled. @default this package's */
  blockedWorkerUrl: Type.Optional(
    Type.Union([nonEmptyText(), Type.Unsafe<URL>(Type.Object({ href: Type.String() }))], {
      description: 'a URL, or the path of a file',
    }),
  ),
  /** Takes the reports of a blocked event loop when there is no error reporter. @default they go to the application log, at level warn */
  onBlocked: Type.Optional(functionOf<BlockedListener>()),
  /** Takes the reports when there is no error reporter. @default they go to the application log, at level warn */
  onSlowCall: Type.Optional(functionOf<SlowCallListener>()),
  /** Serves `app.slowCall.metrics()`: true at `/metrics`, or `{ path, authorize }`. @default false */
  metrics: withDefault(
    Type.Union([trueOrFalse(), metricsSchema], {
      description: 'true, false or an object { path?, authorize? }',
    }),
    false,
  ),
})

/** Options of the plugin. */
export interface SlowCallOptions extends Given<typeof schema> {}

/** The options with their defaults; `maxMs` may change while the app runs. */
export interface Settings extends Omit<Resolved<typeof schema>, 'maxMs' | 'metrics'> {
  maxMs: number
  /** Undefined where they are not served. */
  readonly metrics: MetricsOptions | undefined
}

/** Where the metrics are served, and to whom. */
export interface MetricsOptions {
  readonly path: string
  readonly authorize?: MetricsAuthorizer | undefined
}

const DEFAULT_METRICS_PATH = '/metrics'

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_SLOW_CALL_ERR_OPTIONS
 */
export function resolveOptions(options: SlowCallOptions): Settings {
  const { metrics, ...rest } = resolve(
    schema,
    options,
    (...details) => new OptionsError(...details),
  )
  return { ...rest, metrics: metricsOf(metrics) }
}

function metricsOf(given: SlowCallOptions['metrics']): MetricsOptions | undefined {
  if (given === undefined || given === false) return undefined
  if (given === true) return { path: DEFAULT_METRICS_PATH }
  const { path = DEFAULT_METRICS_PATH, authorize } = given
  return { path, authorize }
}
