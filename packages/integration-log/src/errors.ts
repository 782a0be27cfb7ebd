import { coded } from '@fastify-scs/core/kit'

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError = coded(
  'SCS_INTEGRATION_ERR_OPTIONS',
  'Option %s: expected %s, got %s',
  'Correct the option; its path and what was expected are in the message.',
)

/** The plugin was registered a second time. */
export const AlreadyRegisteredError = coded(
  'SCS_INTEGRATION_ERR_ALREADY_REGISTERED',
  'The plugin @fastify-scs/integration-log is already registered in this context or one above it',
  'Register it once, in the context where @fastify-scs/core is registered.',
)

/** The application asked for a service that the options do not declare. */
export const ServiceUnknownError = coded(
  'SCS_INTEGRATION_ERR_SERVICE_UNKNOWN',
  'The service %s is not declared; declared: %s%s',
  'Declare it in the option "services", or correct the name.',
)

/** A service cannot call this URL. */
export const UrlError = coded(
  'SCS_INTEGRATION_ERR_URL',
  'The service %s cannot call %s: %s',
  'Pass an absolute URL, or give the service an "origin".',
)

/** The option `integration` of a route is wrong. */
export const RouteError = coded(
  'SCS_INTEGRATION_ERR_ROUTE',
  'Route %s: integration must be { service, description?, reference?, key? }, got %s',
  'Correct the route option "integration".',
)

/** `request.integration` was read on a route that is not a webhook. */
export const NotAWebhookError = coded(
  'SCS_INTEGRATION_ERR_NOT_A_WEBHOOK',
  'Route %s has no option "integration", so there is no request.integration',
  "Give the route the option integration: { service: '...' }, or use request.integrations.log().",
)

/** A field of a record that the application logs itself is wrong. */
export const FieldError = coded(
  'SCS_INTEGRATION_ERR_FIELD',
  'Field %s: expected %s, got %s',
  'Correct the field; what was expected is in the message.',
)

/** An id is not a UUID. */
export const IdError = coded(
  'SCS_INTEGRATION_ERR_ID',
  'The id %s is not a UUID, which every store needs',
  'Leave the id out, or pass a UUID; keep an id of your own in "key".',
)

/** Another record of the service has the key. */
export const KeyTakenError = coded(
  'SCS_INTEGRATION_ERR_KEY_TAKEN',
  'The service %s has a record with the key %s: %s',
  'Find the record by resume({ service, key }) and change it, or give the new one another key.',
)

/** What was passed to `logResponse` is neither a response nor an error. */
export const ResponseError = coded(
  'SCS_INTEGRATION_ERR_RESPONSE',
  'logResponse expects a fetch, undici or axios response, or an error, got %s',
  'Pass the response or the error itself, awaited, or use log() with the fields.',
)

/** A method that reads records was called without a store. */
export const NoStoreError = coded(
  'SCS_INTEGRATION_ERR_NO_STORE',
  'integrations.%s() needs @fastify-scs/store; without it records only go to the application log',
  'Register @fastify-scs/store.',
)

/** A failed call cannot be sent again as it was. */
export const RetryError = coded(
  'SCS_INTEGRATION_ERR_RETRY',
  'The call %s cannot be sent again: %s',
  'Give the service the option "retry", and "retry.headers" for headers that are redacted; a request whose body or URL was not kept must be sent by the application.',
)
