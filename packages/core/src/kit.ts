import './augment.js'

// What plugins of this family, and those that extend it, are built with. Applications need none of it.
export { type ActiveSpan, createSpanFinder, type SpanFinder } from './active-span.js'
export { onAnswerEnd } from './answer-end.js'
export { audibleLog } from './audible-log.js'
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
export { CallbackFailures, type CoreCallback } from './callback-failures.js'
export { type ClientFacts, clientOf } from './client-facts.js'
export { beginningOf, shortened } from './cut-text.js'
export { describeThrown, type ThrownDescription } from './describe-thrown.js'
export { asErrorId } from './errors/error-id.js'
export { isUpstreamError } from './errors/upstream-error.js'
export { toJsonValue } from './json-value.js'
export { type BackoffLimits, backoffMs } from './kit/backoff.js'
export {
  type CodedErrorClass,
  type CodeOf,
  catalogOf,
  coded,
  type ErrorCatalog,
} from './kit/coded.js'
export { within } from './kit/deadline.js'
export {
  type GrowthRules,
  grownStreak,
  isReportDue,
  NO_STREAK,
  nextDueAt,
  type Streak,
} from './kit/growth.js'
export {
  checkOptions,
  functionOf,
  type Given,
  nonEmptyText,
  numberBetween,
  type OptionsErrorFactory,
  optionsObject,
  type Resolved,
  resolveOptions,
  type WithDefault,
  wholeNumber,
  withDefault,
} from './kit/options.js'
export {
  type FoundRecord,
  type GroupSighting,
  type GroupState,
  type Importance,
  RECORD_KINDS,
  type RecordFilter,
  type RecordKey,
  type RecordKeys,
  type RecordKind,
  type RecordPage,
  type RecordStore,
  type StoreCounter,
  type StoreRecord,
} from './kit/store-port.js'
export { HostLogging } from './log/log-controller.js'
export {
  narrowedText,
  narrowToOwner,
  type OwnedFile,
  openOwnedFile,
  refuseForeignLink,
} from './log/owned-file.js'
export { errorForLog } from './log/redacted-error.js'
export { editDistance, nearestHint, nearestName } from './nearest-name.js'
export { isOwnCall, runAsOwnCall } from './own-calls.js'
export { printableText } from './printable-text.js'
export { onProcessEnd } from './process-end.js'
export { createRecordId, RecordIdMaker } from './record-id.js'
export { DEFAULT_WORK_UNITS, WorkBudget } from './redact/work-budget.js'
export { keepRequestContext } from './request-context.js'
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
