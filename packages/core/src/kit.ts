// What plugins of this family, and those that extend it, are built with. Applications need none of it.
import './augment.js'

export { thrownOf } from './answer/thrown-of.js'
export {
  type CapturedBody,
  type DescribedBody,
  keepBody,
  leftOut,
  type PlainBody,
  plainBodyOf,
} from './bodies/body.js'
export { type BodyForm, type ContentType, formOf, parseContentType } from './bodies/content-type.js'
export { describeBody, readBody } from './bodies/describe-body.js'
export {
  boundedData,
  type DescribeOptions,
  describeValue,
  type WireSize,
  wireSizeOf,
} from './bodies/describe-value.js'
export { asErrorId, toKebabCase, toUpperSnakeCase } from './errors/error-code.js'
export { withoutHiddenFields } from './errors/hidden-fields.js'
export { isRegistryError } from './errors/registry-error.js'
export { isUpstreamError } from './errors/upstream-error.js'
export { toJsonValue } from './json/to-json-value.js'
export { audibleLog } from './kit/audible-log.js'
export { BoundedMap } from './kit/bounded-map.js'
export { CallbackFailures, type CoreCallback } from './kit/callback-failures.js'
export { findInCauses, MAX_CAUSES } from './kit/cause-chain.js'
export { shortened } from './kit/cut-text.js'
export { type HeldBackCounts, LineLimiter, type LineLimits } from './kit/line-limiter.js'
export { editDistance, nearestName, unknownFieldsOf } from './kit/nearest-name.js'
export {
  checkOptions,
  functionOf,
  type Given,
  listOf,
  nonEmptyText,
  numberBetween,
  type OptionsErrorFactory,
  optionsObject,
  orFalse,
  type Resolved,
  resolveOptions,
  trueOrFalse,
  type WithDefault,
  wholeNumber,
  withDefault,
} from './kit/options.js'
export * from './kit/plain.js'
export { onProcessEnd } from './kit/process-end.js'
export type { FeedItem, FeedListener, RecordFeed } from './kit/record-feed.js'
export { createRecordId, RecordIdMaker } from './kit/record-id.js'
export { isThenable } from './kit/unknown-value.js'
export { type BackoffLimits, backoffMs, within } from './kit/waiting.js'
export type { Lifecycle, LifeSubscriber } from './lifecycle/lifecycle.js'
export { lifeOf, type RequestLife } from './lifecycle/request-life.js'
export { HostLogging } from './log/log-controller.js'
export type { OwnedFile } from './log/owned-file.js'
export { printableText } from './log/printable-text.js'
export { errorForLog } from './log/redacted-error.js'
export { DEFAULT_WORK_UNITS, WorkBudget } from './redact/work-budget.js'
export { type ActiveSpan, createSpanFinder, type SpanFinder } from './request/active-span.js'
export { onAnswerEnd } from './request/answer-end.js'
export { keepRequestOfCalls, keepRequestOfConnects } from './request/channel-context.js'
export {
  isOwnCall,
  keepRequestContext,
  runAsOwnCall,
  runForRequest,
} from './request/request-context.js'
export { type ClientFacts, clientOf } from './request/request-facts.js'
export { traceIdOf } from './request/trace-parent.js'
export { isErrorObject, readField } from './thrown/error-object.js'
export { messageOfThrown, readThrown, type ThrownNode } from './thrown/read-thrown.js'
export { keyedValue } from './versions/merge-versions.js'
