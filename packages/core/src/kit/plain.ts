// The part of the kit that loads no package but @fastify/error: a worker thread starts with it in a third of the time.
export { type ApartRecord, keptJsonOf, putTogether, takeApart } from '../bodies/body.js'
export { fieldAt, listAt, numberAt, textAt } from '../json/json-fields.js'
export { narrowedText, narrowToOwner, openOwnedFile, refuseForeignLink } from '../log/owned-file.js'
export type { LogLineFact, QueriesFact, QueryRun, QueryStatement } from '../request/facts.js'
export {
  auditName,
  callName,
  entriesOfFacts,
  isFailedLevel,
  type NamedEntry,
  namedEntriesOf,
  numberedNames,
} from '../timeline/entries-of-facts.js'
export { byTime, type RequestTimelineEntry, type TimelineWhat } from '../timeline/timeline-entry.js'
export {
  type FieldStamps,
  type MergedVersion,
  mergeVersions,
  type StampedVersion,
} from '../versions/merge-versions.js'
export { type CodedErrorClass, type CodeOf, catalogOf, coded, type ErrorCatalog } from './coded.js'
export { beginningOf } from './cut-text.js'
export {
  type DurationBucket,
  DurationHistogram,
  type DurationSummary,
  type RecordedDurations,
} from './duration-histogram.js'
export type { FileLocks, LockState } from './file-lock.js'
export { socketLocks } from './file-lock.js'
export { ABANDONED_MS, FileOwner, type OwnerParts } from './file-owner.js'
export type {
  GroupSighting,
  GroupState,
  GroupStatus,
  ReportKind,
  StoreCounter,
} from './group-counting.js'
export {
  type GrowthRules,
  grownStreak,
  isReportDue,
  NO_STREAK,
  nextDueAt,
  type Streak,
} from './growth.js'
export { nearestHint } from './nearest-name.js'
export { orphansIn, removeDeadLocks } from './orphaned-files.js'
export {
  isMissingFile,
  ownThreadOptions,
  type ThreadModule,
  threadUrlOf,
} from './own-thread.js'
export {
  type OwnedName,
  ownedName,
  type ProcessIdentity,
  parseOwnedName,
  thisProcess,
} from './process-identity.js'
export type { RouteMinute } from './route-minute.js'
export {
  type FoundRecord,
  type Importance,
  RECORD_KINDS,
  type RecordData,
  type RecordFilter,
  type RecordKey,
  type RecordKeys,
  type RecordKind,
  type RecordPage,
  type RecordStore,
  type StoreRecord,
} from './store-port.js'
export { isObject, show, showUrl } from './unknown-value.js'
