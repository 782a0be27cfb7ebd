import { coded } from '@fastify-scs/core/kit'

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError = coded(
  'SCS_SLOW_CALL_ERR_OPTIONS',
  'Option %s: expected %s, got %s',
  'Correct the option; its path and what was expected are in the message.',
)

/** The `slowCall` of a route or a prefix has a wrong value. */
export const RouteLimitError = coded(
  'SCS_SLOW_CALL_ERR_ROUTE',
  '%s: "slowCall" is wrong at %s: expected %s, got %s',
  'Write milliseconds above 0, { maxMs, stuckAfterMs }, or false for no reports.',
)

/** The plugin was registered a second time. */
export const AlreadyRegisteredError = coded(
  'SCS_SLOW_CALL_ERR_ALREADY_REGISTERED',
  'The plugin @fastify-scs/slow-call is already registered in this context or one above it',
  'Register it once, in the outermost context that needs it.',
)
