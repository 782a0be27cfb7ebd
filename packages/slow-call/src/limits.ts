import { checkOptions, optionsObject } from '@fastify-scs/core/kit'
import { type TNumber, type TUnsafe, Type } from '@sinclair/typebox'
import { RouteLimitError } from './errors.js'

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

/** The limits of a route or a prefix: milliseconds, an object, or false for no reports. */
export type RouteSlowCall =
  | number
  | {
      /** Longest duration of a call, in milliseconds. @default that of the prefix, else of the plugin */
      readonly maxMs?: number
      /** A call without an answer counts as stuck after so many milliseconds; false for never. @default that of the prefix, else of the plugin */
      readonly stuckAfterMs?: number | false
    }
  | false

/** The limits that a route or a prefix names; undefined is inherited, false is never. */
export interface RouteLimits {
  readonly maxMs?: number | false
  readonly stuckAfterMs?: number | false
}

const limitsSchema = optionsObject({
  maxMs: Type.Optional(millisecondsSchema),
  stuckAfterMs: Type.Optional(stuckAfterSchema),
})

const EXPECTED = 'milliseconds above 0, { maxMs, stuckAfterMs } or false'

/**
 * Checks the limits of a route or a prefix and brings them into one form. `where` names it in the error.
 *
 * @throws SCS_SLOW_CALL_ERR_ROUTE
 */
export function readRouteLimits(given: RouteSlowCall | undefined, where: string): RouteLimits {
  if (given === undefined) return {}
  if (given === false) return { maxMs: false, stuckAfterMs: false }
  const limits = typeof given === 'number' ? { maxMs: given } : given
  checkOptions(limitsSchema, limits, (path, expected, found) => {
    const isWhole = path === '(all)' || typeof given === 'number'
    return new RouteLimitError(where, path, isWhole ? EXPECTED : expected, found)
  })
  return limits
}

/** The limits of the longest prefix that contains the URL, whole path segments only. */
export function limitsOfPrefix(
  prefixes: ReadonlyMap<string, RouteLimits>,
  url: string,
): RouteLimits {
  let longest = ''
  let limits: RouteLimits = {}
  for (const [prefix, candidate] of prefixes) {
    const isInside = url === prefix || url.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`)
    if (isInside && prefix.length >= longest.length) {
      longest = prefix
      limits = candidate
    }
  }
  return limits
}
