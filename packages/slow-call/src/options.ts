import { checkOptions } from '@fastify-scs/core/kit'
import { type TNumber, type TUnsafe, Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { OptionsError } from './errors.js'
import type { SlowCallReport } from './report.js'

/** Takes a report when there is no error reporter. */
export type SlowCallListener = (report: SlowCallReport, request: FastifyRequest) => unknown

/** Options of the plugin. */
export interface SlowCallOptions {
  /** Milliseconds that a call may take; PyMacaron's `report_call_exceeding_ms`. @default 1000 */
  readonly maxMs?: number
  /** Milliseconds after which a call that has not ended is reported while it hangs, or false. @default 60_000 */
  readonly stuckAfterMs?: number | false
  /** Takes the reports when there is no error reporter. @default they go to the application log, at level warn */
  readonly onSlowCall?: SlowCallListener
}

/** The options with their defaults; `maxMs` may change while the app runs. */
export interface Settings {
  maxMs: number
  readonly stuckAfterMs: number | false
  readonly onSlowCall: SlowCallListener | undefined
}

export const DEFAULT_MAX_MS = 1000
export const DEFAULT_STUCK_AFTER_MS = 60_000

/** A number of milliseconds above 0. */
export const millisecondsSchema: TNumber = Type.Number({
  exclusiveMinimum: 0,
  description: 'milliseconds above 0',
})

/** Milliseconds, or false for never. */
export const stuckAfterSchema: TUnsafe<number | false> = Type.Unsafe<number | false>(
  Type.Union([millisecondsSchema, Type.Literal(false)], {
    description: 'milliseconds above 0, or false',
  }),
)

const optionsSchema = Type.Object(
  {
    maxMs: Type.Optional(millisecondsSchema),
    stuckAfterMs: Type.Optional(stuckAfterSchema),
    onSlowCall: Type.Optional(
      Type.Unsafe<SlowCallListener>(
        Type.Function([], Type.Unknown(), { description: 'a function' }),
      ),
    ),
  },
  { additionalProperties: false },
)

/**
 * Checks the options.
 *
 * @throws SCS_SLOW_CALL_ERR_OPTIONS
 */
export function checkSlowCallOptions(options: SlowCallOptions): void {
  checkOptions(optionsSchema, options, (...details) => new OptionsError(...details))
}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_SLOW_CALL_ERR_OPTIONS
 */
export function resolveOptions(options: SlowCallOptions): Settings {
  checkSlowCallOptions(options)
  return {
    maxMs: options.maxMs ?? DEFAULT_MAX_MS,
    stuckAfterMs: options.stuckAfterMs ?? DEFAULT_STUCK_AFTER_MS,
    onSlowCall: options.onSlowCall,
  }
}
