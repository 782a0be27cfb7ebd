import {
  functionOf,
  type Given,
  optionsObject,
  type Resolved,
  resolveOptions as resolve,
  withDefault,
} from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { OptionsError } from './errors.js'
import { millisecondsSchema, stuckAfterSchema } from './limits.js'
import type { SlowCallReport } from './report.js'

/** Takes a report when there is no error reporter. */
export type SlowCallListener = (report: SlowCallReport, request: FastifyRequest) => unknown

const schema = optionsObject({
  /** Longest duration of a call, in milliseconds; PyMacaron's `report_call_exceeding_ms`. @default 1000 */
  maxMs: withDefault(millisecondsSchema, 1_000),
  /** A call without an answer is reported as stuck after so many milliseconds; false for never. @default 60_000 */
  stuckAfterMs: withDefault(stuckAfterSchema, 60_000),
  /** Takes the reports when there is no error reporter. @default they go to the application log, at level warn */
  onSlowCall: Type.Optional(functionOf<SlowCallListener>()),
})

/** Options of the plugin. */
export interface SlowCallOptions extends Given<typeof schema> {}

/** The options with their defaults; `maxMs` may change while the app runs. */
export interface Settings extends Omit<Resolved<typeof schema>, 'maxMs'> {
  maxMs: number
}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_SLOW_CALL_ERR_OPTIONS
 */
export function resolveOptions(options: SlowCallOptions): Settings {
  return resolve(schema, options, (...details) => new OptionsError(...details))
}
