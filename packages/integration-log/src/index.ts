import './augment.js'
import { type CodeOf, catalogOf, type ErrorCatalog } from '@fastify-scs/core/kit'
import * as errors from './errors.js'

export type { RecordKey } from '@fastify-scs/core/kit'
export type { IntegrationFilter, IntegrationPage } from './find/record-finder.js'
export type { OfRequest, WebhookOptions } from './inbound/webhook-options.js'
export type { Integrations, RequestIntegrations, ServiceName } from './integrations.js'
export type { IntegrationHandle, RetriedCall } from './log/handle.js'
export type {
  FrappeFields,
  HeadersLike,
  LogFields,
  LoggedFields,
  ReferFields,
} from './log/log-fields.js'
export type { IntegrationStats } from './log/stats.js'
export type { IntegrationLogOptions } from './options.js'
export { default } from './plugin.js'
export {
  INTEGRATION_STATUSES,
  type IntegrationRecord,
  type IntegrationStatus,
  type RecordedHeaders,
  type Reference,
  type ResendFacts,
  type StoredIntegrationRecord,
} from './record.js'
export type {
  AnyResponse,
  AxiosResponse,
  FetchResponse,
  Loggable,
  ResponseFields,
  UndiciResponse,
} from './responses/read-response.js'
export type {
  RetryAllOptions,
  RetryFilter,
  RetryProgress,
  RetryReport,
} from './retry/retry-run.js'
export type { IntegrationRequestInit } from './service/fetch-arguments.js'
export type { IntegrationService } from './service/service.js'
export type {
  AnsweredCall,
  BodyPolicy,
  FetchHeaders,
  RetriedRequest,
  RetryOptions,
  ServiceOptions,
  ServiceRedactOptions,
} from './service-options.js'

/** The codes of the errors that this package throws. */
export type IntegrationErrorCode = CodeOf<typeof errors>

/** Every error that this package throws, by code. */
export const errorCatalog: ErrorCatalog<IntegrationErrorCode> = catalogOf(errors)
