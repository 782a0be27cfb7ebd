import './augment.js'

export type { FailureObserver } from './answer/error-answerer.js'
export type { ErrorFormatName, ErrorFormatter } from './answer/error-format.js'
export type { ProblemBody } from './answer/problem.js'
export type { ScsErrorBody } from './answer/scs.js'
export {
  type AuditEvent,
  type AuditEventDefinition,
  type AuditEventDetails,
  type DefinedAuditEvent,
  defineAuditEvent,
} from './audit/audit-event.js'
export type { AuditStats } from './audit/audit-log.js'
export type { AuditListener } from './audit/audit-trail.js'
export type { TemplateFields } from './audit/message-template.js'
export type { AbortOptions } from './errors/answer-options.js'
export {
  abort,
  type DefinedError,
  defineError,
  type ErrorDefinition,
} from './errors/error-definition.js'
export type { ErrorModel } from './errors/error-model.js'
export type { ExceptionClass, ExceptionDefinition } from './errors/exception-registry.js'
export type { Failure, ValidationDetail } from './errors/failure.js'
export type { PymacaronErrorBody } from './errors/pymacaron.js'
export {
  AuthInvalidTokenError,
  AuthMissingHeaderError,
  AuthTokenExpiredError,
  BadResponseError,
  InternalValidationError,
  InvalidParameterError,
  RequestTimeoutError,
  ServerError,
} from './errors/ready-made-errors.js'
export type { AnswerOptions, RegistryError } from './errors/registry-error.js'
export type { RouteError, RouteErrors } from './errors/route-errors.js'
export {
  addError,
  addErrors,
  isError,
  ServiceError,
  type ServiceErrorClass,
  type ServiceErrorDefinition,
  type ServiceErrorOptions,
} from './errors/service-error.js'
export { type CodedError, errorCatalog, type ScsErrorCode } from './errors.js'
export type { JsonLimits, JsonValue } from './json-value.js'
export type { CallbackFailureCounts } from './kit/callback-failures.js'
export type { Level, LevelName, LevelNames } from './log/level.js'
export type { LineSinkStats } from './log/line-sink.js'
export type { RotatingFileOptions } from './log/rotating-file.js'
export { type ScsLoggerOptions, scsLogger } from './log/scs-logger.js'
export type { SinkOptions } from './log/sink-options.js'
export type { LineStream } from './log/stream-sink.js'
export {
  defaultUser,
  type ErrorBody,
  type ErrorDecorator,
  type ScsOptions,
  type UserResolver,
} from './options.js'
export { default } from './plugin.js'
export {
  createRedactor,
  type RedactExtension,
  type RedactOptions,
  type Redactor,
} from './redact/redactor.js'
export { currentRequest } from './request/request-context.js'
export type { FactProvider, RequestFacts } from './request/request-facts.js'
export type { Scs } from './scs.js'
