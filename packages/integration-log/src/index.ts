import './augment.js'

export { errorCatalog, type IntegrationErrorCode } from './errors.js'
export type { OfRequest, WebhookOptions } from './inbound/webhook-options.js'
export type {
  IntegrationRequestInit,
  IntegrationService,
} from './integration-service.js'
export type { Integrations, RequestIntegrations } from './integrations.js'
export type { IntegrationFilter, IntegrationPage, RecordKey } from './log/find.js'
export type { IntegrationHandle, ReferFields, RetriedCall } from './log/handle.js'
export type { FrappeFields, HeadersLike, LogFields, LoggedFields } from './log/log-fields.js'
export type {
  AnyResponse,
  AxiosResponse,
  FetchResponse,
  Loggable,
  ResponseFields,
  UndiciResponse,
} from './log/response-fields.js'
export type {
  RetryAllOptions,
  RetryFilter,
  RetryProgress,
  RetryReport,
} from './log/retry-run.js'
export type { IntegrationStats } from './log/stats.js'
export type { IntegrationLogOptions } from './options.js'
export type {
  AnsweredCall,
  BodyPolicy,
  FetchHeaders,
  RetriedRequest,
  RetryOptions,
  ServiceOptions,
  ServiceRedactOptions,
} from './options-service.js'
export { default } from './plugin.js'
export {
  INTEGRATION_STATUSES,
  type IntegrationRecord,
  type IntegrationStatus,
  type RecordedHeaders,
  type Reference,
  type ResendFacts,
} from './record.js'
export type { ServiceName } from './service-name.js'
