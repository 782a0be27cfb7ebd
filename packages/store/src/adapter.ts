// What an adapter is made with, for code that must not load Fastify: a worker thread, for one.

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
export type {
  AdapterContext,
  BucketQuery,
  CreateStoreAdapter,
  ExpectedVersion,
  FoundRecord,
  GroupRules,
  GroupSighting,
  GroupState,
  RecordFilter,
  RecordPage,
  RetentionLimits,
  StoreAdapter,
  StoreCounter,
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
} from './port.js'
export { BucketCounter, checkBucketQuery, MAX_BUCKETS } from './read/buckets.js'
export {
  checkKind,
  DEFAULT_PAGE_ITEMS,
  type EqualKey,
  MAX_PAGE_ITEMS,
  type PageEdge,
  type ResolvedFilter,
  readCursor,
  resolveFilter,
  TEXT_SEARCH_MS,
  writeCursor,
} from './read/filter.js'
export { checkSightings, countSighting, type Group, type GroupCount } from './read/groups.js'
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
