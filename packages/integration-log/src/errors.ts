import createError, { type FastifyErrorConstructor } from '@fastify/error'
import type { CodedError } from '@fastify-scs/core'

/** The codes of the errors that this package throws. */
export type IntegrationErrorCode =
  | 'SCS_INTEGRATION_ERR_OPTIONS'
  | 'SCS_INTEGRATION_ERR_ALREADY_REGISTERED'
  | 'SCS_INTEGRATION_ERR_SERVICE_UNKNOWN'
  | 'SCS_INTEGRATION_ERR_URL'
  | 'SCS_INTEGRATION_ERR_ROUTE'
  | 'SCS_INTEGRATION_ERR_NOT_A_WEBHOOK'
  | 'SCS_INTEGRATION_ERR_FIELD'
  | 'SCS_INTEGRATION_ERR_ID'
  | 'SCS_INTEGRATION_ERR_KEY_TAKEN'
  | 'SCS_INTEGRATION_ERR_RESPONSE'
  | 'SCS_INTEGRATION_ERR_NO_STORE'
  | 'SCS_INTEGRATION_ERR_RETRY'

/** Every error that this package throws, by code. */
export const errorCatalog: Readonly<Record<IntegrationErrorCode, CodedError>> = {
  SCS_INTEGRATION_ERR_OPTIONS: {
    message: 'Option %s: expected %s, got %s',
    fix: 'Correct the option; its path and what was expected are in the message.',
  },
  SCS_INTEGRATION_ERR_ALREADY_REGISTERED: {
    message:
      'The plugin @fastify-scs/integration-log is already registered in this context or one above it',
    fix: 'Register it once, in the context where @fastify-scs/core is registered.',
  },
  SCS_INTEGRATION_ERR_SERVICE_UNKNOWN: {
    message: 'The service %s is not declared; declared: %s%s',
    fix: 'Declare it in the option "services", or correct the name.',
  },
  SCS_INTEGRATION_ERR_URL: {
    message: 'The service %s cannot call %s: %s',
    fix: 'Pass an absolute URL, or give the service an "origin".',
  },
  SCS_INTEGRATION_ERR_ROUTE: {
    message: 'Route %s: integration must be { service, description?, reference?, key? }, got %s',
    fix: 'Correct the route option "integration".',
  },
  SCS_INTEGRATION_ERR_NOT_A_WEBHOOK: {
    message: 'Route %s has no option "integration", so there is no request.integration',
    fix: "Give the route the option integration: { service: '...' }, or use request.integrations.log().",
  },
  SCS_INTEGRATION_ERR_FIELD: {
    message: 'Field %s: expected %s, got %s',
    fix: 'Correct the field; what was expected is in the message.',
  },
  SCS_INTEGRATION_ERR_ID: {
    message: 'The id %s is not a UUID, which every store needs',
    fix: 'Leave the id out, or pass a UUID; keep an id of your own in "key".',
  },
  SCS_INTEGRATION_ERR_KEY_TAKEN: {
    message: 'The service %s has a record with the key %s: %s',
    fix: 'Find the record by resume({ service, key }) and change it, or give the new one another key.',
  },
  SCS_INTEGRATION_ERR_RESPONSE: {
    message: 'logResponse expects a fetch, undici or axios response, or an error, got %s',
    fix: 'Pass the response or the error itself, awaited, or use log() with the fields.',
  },
  SCS_INTEGRATION_ERR_NO_STORE: {
    message: 'There is no store to %s: records go to the application log',
    fix: 'Register @fastify-scs/store.',
  },
  SCS_INTEGRATION_ERR_RETRY: {
    message: 'The call %s cannot be sent again: %s',
    fix: 'Give the service the option "retry", with "headers" for those that are redacted; what was not kept must be sent by the application.',
  },
}

function coded<C extends IntegrationErrorCode, Args extends unknown[]>(
  code: C,
): FastifyErrorConstructor<{ code: C }, Args> {
  return createError<C, Args>(code, errorCatalog[code].message, 500)
}

/** An option has a wrong value: its path, what was expected, what was found. */
export const OptionsError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_OPTIONS' },
  [path: string, expected: string, found: string]
> = coded('SCS_INTEGRATION_ERR_OPTIONS')

/** The plugin was registered a second time. */
export const AlreadyRegisteredError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_ALREADY_REGISTERED' },
  []
> = coded('SCS_INTEGRATION_ERR_ALREADY_REGISTERED')

/** A service was asked for that the options do not declare. */
export const ServiceUnknownError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_SERVICE_UNKNOWN' },
  [name: string, declared: string, hint: string]
> = coded('SCS_INTEGRATION_ERR_SERVICE_UNKNOWN')

/** A URL that a service cannot call. */
export const UrlError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_URL' },
  [service: string, url: string, reason: string]
> = coded('SCS_INTEGRATION_ERR_URL')

/** A route's option `integration` is wrong. */
export const RouteError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_ROUTE' },
  [route: string, found: string]
> = coded('SCS_INTEGRATION_ERR_ROUTE')

/** `request.integration` was read on a route that is no webhook. */
export const NotAWebhookError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_NOT_A_WEBHOOK' },
  [route: string]
> = coded('SCS_INTEGRATION_ERR_NOT_A_WEBHOOK')

/** A field of a record that the application logs itself is wrong. */
export const FieldError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_FIELD' },
  [field: string, expected: string, found: string]
> = coded('SCS_INTEGRATION_ERR_FIELD')

/** An id that is no UUID. */
export const IdError: FastifyErrorConstructor<{ code: 'SCS_INTEGRATION_ERR_ID' }, [found: string]> =
  coded('SCS_INTEGRATION_ERR_ID')

/** Another record of the service has the key. */
export const KeyTakenError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_KEY_TAKEN' },
  [service: string, key: string, holderId: string]
> = coded('SCS_INTEGRATION_ERR_KEY_TAKEN')

/** Something that is no response. */
export const ResponseError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_RESPONSE' },
  [found: string]
> = coded('SCS_INTEGRATION_ERR_RESPONSE')

/** Records were asked for where no store keeps them. */
export const NoStoreError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_NO_STORE' },
  [action: string]
> = coded('SCS_INTEGRATION_ERR_NO_STORE')

/** A failed call that cannot be sent again as it was. */
export const RetryError: FastifyErrorConstructor<
  { code: 'SCS_INTEGRATION_ERR_RETRY' },
  [id: string, reason: string]
> = coded('SCS_INTEGRATION_ERR_RETRY')
