import { coded } from '@fastify-scs/core/kit'

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError = coded(
  'SCS_QUERY_LOG_ERR_OPTIONS',
  'Option %s: expected %s, got %s',
  'Correct the option; its path and what was expected are in the message.',
)

/** The plugin was registered a second time. */
export const AlreadyRegisteredError = coded(
  'SCS_QUERY_LOG_ERR_ALREADY_REGISTERED',
  'The plugin @fastify-scs/query-log is already registered in this context or one above it',
  'Register it once, in the outermost context that needs it.',
)

/** A function such as `observePg` got something other than what it observes. */
export const NotObservableError = coded(
  'SCS_QUERY_LOG_ERR_NOT_OBSERVABLE',
  '%s: expected %s, got %s',
  'Pass the object that the driver has made, before it runs queries.',
)
