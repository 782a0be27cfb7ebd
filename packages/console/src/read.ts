// What programs beside the console read a store with; it declares no routes.

export type {
  AuditRow,
  CallRow,
  Group,
  GroupDetail,
  GroupPage,
  GroupQuery,
  ListedKind,
  RecordDetail,
  RecordList,
  RecordQuery,
  RecordRow,
  ReleaseRow,
  ReportRow,
  RouteQuery,
  ServiceRow,
  SpanQuery,
  TallyAnswer,
  TallyQuery,
  Timeline,
  TimelineEntry,
} from './api/model.js'
export { StoreTail, type TailedRows } from './live/store-tail.js'
export { cutVisible, visibleText } from './prompt/observed-text.js'
export { MAX_PROMPT_CHARS } from './prompt/report-prompt.js'
export { type GateLimits, QueryGate, type Read } from './query/query-gate.js'
export { StoreReader } from './query/store-reader.js'
export { LISTED_KINDS } from './record/rows.js'
export { type OpenedStore, type OpenStoreOptions, openStore } from './standalone/open-store.js'
export { reasonOf } from './standalone/reason.js'
export { type StandaloneConsole, serveConsole } from './standalone/serve.js'
export type { Judgement, Verdict } from './verdict/compare-calls.js'
export type { ComparedRoute, ReleaseVerdict } from './verdict/release-verdict.js'
