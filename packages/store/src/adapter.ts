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
  type CreateStoreAdapter,
  type ExpectedVersion,
  PLAIN_TRAITS,
  type RetentionLimits,
  type StoreAdapter,
  type StoreLog,
  type StoreReader,
  type StoreSetup,
  type StoreSize,
  type StoreWriter,
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
} from './read/filter.js'
export { countSighting, type Group, type GroupCount } from './read/groups.js'
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
