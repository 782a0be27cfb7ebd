import './augment.js'
import * as errors from './errors.js'
import { type CodeOf, catalogOf, type ErrorCatalog } from './kit/coded.js'

export type { FailureObserver } from './answer/error-answerer.js'
export type {
  ErrorFormatName,
  ErrorFormatter,
  ProblemBody,
  ScsErrorBody,
} from './answer/error-format.js'
export {
  type AuditEvent,
  type AuditEventDefinition,
  type AuditEventDetails,
  type DefinedAuditEvent,
  defineAuditEvent,
} from './audit/audit-event.js'
export type { AuditStats } from './audit/audit-log.js'
export type { AuditListener } from './audit/audit-trail.js'
export type { ClientError } from './catalogue/client-errors.js'
export { markdownOfErrors } from './catalogue/markdown.js'
export type { DetailsOf, DetailsSchema } from './errors/details-schema.js'
export {
  AuthInvalidTokenError,
  AuthMissingHeaderError,
  AuthTokenExpiredError,
  addError,
  addErrors,
  BadResponseError,
  InternalValidationError,
  InvalidParameterError,
  RequestTimeoutError,
  ServerError,
  type ServiceErrorDefinition,
} from './errors/error-classes.js'
export {
  abort,
  type DefinedError,
  defineError,
  type ErrorDefinition,
} from './errors/error-definition.js'
export type { ParamValue } from './errors/error-message.js'
export {
  type ErrorLike,
  type ErrorModel,
  isError,
  type PymacaronErrorBody,
} from './errors/error-model.js'
export type { ExceptionClass, ExceptionDefinition } from './errors/exception-registry.js'
export type { FactoryArguments, FactoryOptions } from './errors/factory-options.js'
export type { Failure, ValidationDetail } from './errors/failure.js'
export type { AbortOptions, AnswerOptions, RegistryError } from './errors/registry-error.js'
export type { RouteError, RouteErrors } from './errors/route-errors.js'
export {
  ServiceError,
  type ServiceErrorClass,
  type ServiceErrorOptions,
} from './errors/service-error.js'
export type { JsonLimits, JsonValue } from './json/json-value.js'
export type { CallbackFailureCounts } from './kit/callback-failures.js'
export type { CodedError } from './kit/coded.js'
export type { TemplateFields } from './kit/message-template.js'
export type { Level, LevelName, LevelNames } from './log/level.js'
export type { LineSinkStats, LineStream } from './log/line-sink.js'
export { type ScsLoggerOptions, scsLogger } from './log/scs-logger.js'
export type { RotatingFileOptions, SinkOptions } from './log/sink-options.js'
export type { ErrorBody, ErrorDecorator, ScsOptions } from './options.js'
export { default } from './plugin.js'
export type { RedactExtension, RedactOptions } from './redact/redact-options.js'
export { createRedactor, type Redactor } from './redact/redactor.js'
export { currentRequest } from './request/request-context.js'
export type { FactProvider, RequestFacts } from './request/request-facts.js'
export { defaultUser, type UserResolver } from './request/user.js'
export type { Scs } from './scs.js'
export type { RequestTimelineEntry, TimelineWhat } from './timeline/timeline-entry.js'

/** The codes of the errors that core throws at a developer. */
export type ScsErrorCode = CodeOf<typeof errors>

/** Every error that core throws at a developer, by its code: what it says and what to do about it. */
export const errorCatalog: ErrorCatalog<ScsErrorCode> = catalogOf(errors)
export { describeThrown, type ThrownDescription } from './thrown/describe-thrown.js'
