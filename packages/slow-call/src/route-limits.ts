import { checkOptions } from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import { RouteLimitError } from './errors.js'
import { millisecondsSchema, stuckAfterSchema } from './options.js'

/** What a route or a prefix says of its limits: milliseconds, an object, or false for no reports. */
export type RouteSlowCall =
  | number
  | {
      /** Milliseconds that a call may take. @default that of the prefix, else of the plugin */
      readonly maxMs?: number
      /** Milliseconds after which a call counts as stuck, or false. @default that of the prefix, else of the plugin */
      readonly stuckAfterMs?: number | false
    }
  | false

/** The limits that a route or a prefix names; undefined is inherited, false is never. */
export interface RouteLimits {
  readonly maxMs?: number | false
  readonly stuckAfterMs?: number | false
}

const limitsSchema = Type.Object(
  { maxMs: Type.Optional(millisecondsSchema), stuckAfterMs: Type.Optional(stuckAfterSchema) },
  { additionalProperties: false },
)

const EXPECTED = 'milliseconds above 0, { maxMs, stuckAfterMs } or false'

/**
 * Checks what a route or a prefix says and brings it into one form. `where` names it in the error.
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

/** The limits of the longest prefix that holds the URL, whole path segments only. */
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
