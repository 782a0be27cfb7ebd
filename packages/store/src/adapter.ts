// What an adapter is made with, for code that must not load Fastify: a worker thread, for one.
export { BucketCounter, checkBucketQuery, MAX_BUCKETS } from './bucket-counter.js'
export { checkKind } from './check-kind.js'
export { checkSightings } from './check-sightings.js'
export { type PageEdge, readCursor, writeCursor } from './cursor.js'
export {
  AdapterMissingError,
  AlreadyRegisteredError,
  DriverMissingError,
  errorCatalog,
  FilterError,
  NotAStoreError,
  OptionsError,
  PermissionError,
  RecordRefusedError,
  SchemaTooNewError,
  type StoreErrorCode,
  StoreUnavailableError,
  UrlError,
  WorkerMissingError,
} from './errors.js'
export type { GroupRules, GroupSighting, GroupState, StoreCounter } from './group-port.js'
export { countSighting, type Group, type GroupCount } from './group-rule.js'
export { nextVersion, withoutKey } from './next-version.js'
export type {
  AdapterContext,
  BucketQuery,
  CreateStoreAdapter,
  ExpectedVersion,
  FoundRecord,
  RecordFilter,
  RecordPage,
  RetentionLimits,
  StoreAdapter,
  StoreKeeper,
  StoreLog,
  StoreReader,
  StoreSize,
  StoreWriter,
  TimeBucket,
  UnkeptVersion,
} from './port.js'
export {
  type Importance,
  RECORD_KINDS,
  type RecordKeys,
  type RecordKind,
  type StoreRecord,
} from './record.js'
export {
  DEFAULT_PAGE_ITEMS,
  type EqualKey,
  MAX_PAGE_ITEMS,
  type ResolvedFilter,
  resolveFilter,
  TEXT_SEARCH_MS,
} from './resolve-filter.js'
export { type FoundRow, fromRow, type RecordRow, toRow } from './row.js'
export { SEARCHED_CHARS, searchedWords, wordsOf } from './searched-words.js'
export { KEY_MAX_CHARS, SUMMARY_MAX_CHARS, storableJson, storableText } from './storable-text.js'
