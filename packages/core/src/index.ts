import './augment.js'

export { type ActiveSpan, createSpanFinder, type SpanFinder } from './active-span.js'
export type { FailureObserver } from './answer.js'
export { onAnswerEnd } from './answer-end.js'
export { audibleLog } from './audible-log.js'
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
export {
  type CapturedBody,
  type DescribedBody,
  leftOut,
  type PlainBody,
  plainBodyOf,
} from './bodies/body.js'
export { type BodyForm, type ContentType, formOf, parseContentType } from './bodies/content-type.js'
export { describeBody } from './bodies/describe-body.js'
export { boundedData, type DescribeOptions, describeValue } from './bodies/describe-value.js'
export { readBody } from './bodies/read-body.js'
export { type WireSize, wireSizeOf } from './bodies/wire-size.js'
export {
  type CallbackFailureCounts,
  CallbackFailures,
  type CoreCallback,
} from './callback-failures.js'
export { checkOptions, type OptionsErrorFactory } from './check-options.js'
export { type ClientFacts, clientOf } from './client-facts.js'
export { type CodedError, errorCatalog, type ScsErrorCode } from './coded-errors.js'
export { beginningOf, shortened } from './cut-text.js'
export { describeThrown, type ThrownDescription } from './describe-thrown.js'
export type { AbortOptions } from './errors/answer-options.js'
export {
  abort,
  type DefinedError,
  defineError,
  type ErrorDefinition,
} from './errors/error-definition.js'
export { asErrorId } from './errors/error-id.js'
export type { ErrorModel } from './errors/error-model.js'
export type { ExceptionClass, ExceptionDefinition } from './errors/exception-registry.js'
export type { Failure, ValidationDetail } from './errors/failure.js'
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
export {
  addError,
  addErrors,
  isError,
  ServiceError,
  type ServiceErrorClass,
  type ServiceErrorDefinition,
  type ServiceErrorOptions,
} from './errors/service-error.js'
export { isUpstreamError } from './errors/upstream-error.js'
export type { ErrorFormatName, ErrorFormatter } from './formats/error-format.js'
export type { ProblemBody } from './formats/problem.js'
export type { PymacaronErrorBody } from './formats/pymacaron.js'
export type { ScsErrorBody } from './formats/scs.js'
export { type JsonLimits, type JsonValue, toJsonValue } from './json-value.js'
export type { Level, LevelName, LevelNames } from './log/level.js'
export type { LineSinkStats } from './log/line-sink.js'
export { HostLogging } from './log/log-controller.js'
export {
  narrowedText,
  narrowToOwner,
  type OwnedFile,
  openOwnedFile,
  refuseForeignLink,
} from './log/owned-file.js'
export { errorForLog } from './log/redacted-error.js'
export type { RotatingFileOptions } from './log/rotating-file.js'
export { type ScsLoggerOptions, scsLogger } from './log/scs-logger.js'
export type { SinkOptions } from './log/sink-options.js'
export type { LineStream } from './log/stream-sink.js'
export { editDistance, nearestHint, nearestName } from './nearest-name.js'
export {
  defaultUser,
  type ErrorBody,
  type ErrorDecorator,
  type ScsOptions,
  type UserResolver,
} from './options.js'
export { isOwnCall, runAsOwnCall } from './own-calls.js'
export { default } from './plugin.js'
export { printableText } from './printable-text.js'
export { onProcessEnd } from './process-end.js'
export { createRecordId, RecordIdMaker } from './record-id.js'
export {
  createRedactor,
  type RedactExtension,
  type RedactOptions,
  type Redactor,
} from './redact/redactor.js'
export { DEFAULT_WORK_UNITS, WorkBudget } from './redact/work-budget.js'
export { currentRequest, keepRequestContext } from './request-context.js'
export type { FactProvider, RequestFacts } from './request-facts.js'
export type { RouteError, RouteErrors } from './route-errors.js'
export type { Scs } from './scs.js'
export { show } from './show.js'
export { isErrorObject, readField } from './thrown/error-object.js'
export { messageOfThrown, readThrown, type ThrownNode } from './thrown/read-thrown.js'
export { unknownFieldsOf } from './unknown-fields.js'
export { keyedValue } from './versions/keyed-value.js'
export {
  type FieldStamps,
  type MergedVersion,
  mergeVersions,
  type StampedVersion,
} from './versions/merge-versions.js'
