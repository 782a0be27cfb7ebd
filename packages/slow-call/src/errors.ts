import createError, { type FastifyErrorConstructor } from '@fastify/error'
import type { CodedError } from '@fastify-scs/core'

/** The codes of the errors that this package throws at a developer. */
export type SlowCallErrorCode =
  | 'SCS_SLOW_CALL_ERR_OPTIONS'
  | 'SCS_SLOW_CALL_ERR_ROUTE'
  | 'SCS_SLOW_CALL_ERR_ALREADY_REGISTERED'

/** Every error that this package throws at a developer, by code. */
export const errorCatalog: Readonly<Record<SlowCallErrorCode, CodedError>> = {
  SCS_SLOW_CALL_ERR_OPTIONS: {
    message: 'Option %s: expected %s, got %s',
    fix: 'Correct the option; its path and what was expected are in the message.',
  },
  SCS_SLOW_CALL_ERR_ROUTE: {
    message: '%s: "slowCall" is wrong at %s: expected %s, got %s',
    fix: 'Write milliseconds above 0, { maxMs, stuckAfterMs }, or false for no reports.',
  },
  SCS_SLOW_CALL_ERR_ALREADY_REGISTERED: {
    message:
      'The plugin @fastify-scs/slow-call is already registered in this context or one above it',
    fix: 'Register it once, in the outermost context that needs it.',
  },
}

function coded<C extends SlowCallErrorCode, Args extends unknown[]>(
  code: C,
): FastifyErrorConstructor<{ code: C }, Args> {
  return createError<C, Args>(code, errorCatalog[code].message, 500)
}

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError: FastifyErrorConstructor<
  { code: 'SCS_SLOW_CALL_ERR_OPTIONS' },
  [path: string, expected: string, found: string]
> = coded('SCS_SLOW_CALL_ERR_OPTIONS')

/** The `slowCall` of a route or a prefix has a wrong value. */
export const RouteLimitError: FastifyErrorConstructor<
  { code: 'SCS_SLOW_CALL_ERR_ROUTE' },
  [where: string, path: string, expected: string, found: string]
> = coded('SCS_SLOW_CALL_ERR_ROUTE')

/** The plugin was registered a second time. */
export const AlreadyRegisteredError: FastifyErrorConstructor<
  { code: 'SCS_SLOW_CALL_ERR_ALREADY_REGISTERED' },
  []
> = coded('SCS_SLOW_CALL_ERR_ALREADY_REGISTERED')
