// What an adapter is made with, for code that must not load Fastify, such as a worker thread.

import { type CodeOf, catalogOf, type ErrorCatalog } from '@fastify-scs/core/kit/plain'
import * as errors from './errors.js'

export {
  type FoundRecord,
  type GroupSighting,
  type GroupState,
  type GrowthRules as GroupRules,
  type Importance,
  RECORD_KINDS,
  type RecordData,
  type RecordFilter,
  type RecordKeys,
  type RecordKind,
  type RecordPage,
  type StoreCounter,
  type StoreRecord,
} from '@fastify-scs/core/kit/plain'
export * from './errors.js'
export {
  type AdapterContext,
  type AdapterTraits,
  type BucketQuery,
  type CallFigures,
  type ChangedGroup,
  type CreateStoreAdapter,
  type ExamineStore,
  type ExpectedVersion,
  type ForgetPart,
  type ForgetProgress,
  type ForgetStep,
  type ForgetUserOptions,
  type ForgottenCounts,
  type ForgottenUser,
  type FoundGroup,
  type GroupChange,
  type GroupFilter,
  type GroupPage,
  PLAIN_TRAITS,
  type Release,
  type ResolvedGroupFilter,
  type ResolvedTally,
  type RetentionLimits,
  type RouteFigures,
  type RouteStatsQuery,
  type StoreAdapter,
  type StoredGroup,
  type StoreFinding,
  type StoreLog,
  type StoreReader,
  type StoreSetup,
  type StoreSize,
  type StoreWriter,
  TALLY_FIELDS,
  type Tally,
  type TallyField,
  type TallyItem,
  type TallyQuery,
  type TimeBucket,
  type UnkeptRecord,
  type UnkeptVersion,
} from './port.js'
export { BucketCounter, MAX_BUCKETS } from './read/buckets.js'
export {
  DEFAULT_PAGE_ITEMS,
  type EqualKey,
  MAX_PAGE_ITEMS,
  type PageEdge,
  type ResolvedFilter,
  resolveFilter,
  TEXT_SEARCH_MS,
  writeCursor,
} from './read/filter.js'
export {
  changedGroup,
  countSighting,
  GROUP_COUNT_MS,
  type GroupCount,
  type KeptGroup,
  MAX_GROUP_USERS,
  userDigest,
} from './read/groups.js'
export { isMatch } from './read/match.js'
export { isNewerRelease, type ReleaseTimes } from './read/releases.js'
export { RouteStatsSum } from './read/route-stats.js'
export { userOfDeadLetter } from './record/dead-letter.js'
export { type FoundRow, fromRow, type RecordRow, toRow } from './record/row.js'
export {
  KEY_MAX_CHARS,
  SEARCHED_CHARS,
  SUMMARY_MAX_CHARS,
  searchedWords,
  storableJson,
  storableText,
  wordsOf,
} from './record/text.js'
export { nextVersion, withoutKey } from './record/versions.js'

/** The codes of the errors that a store throws. */
export type StoreErrorCode = CodeOf<typeof errors>

/** Every error that a store throws, by code. */
export const errorCatalog: ErrorCatalog<StoreErrorCode> = catalogOf(errors)
