import './augment.js'

export * from './adapter.js'
export type { StoredAuditEvent } from './audit-data.js'
export { MemoryStore, type MemoryStoreOptions } from './memory/memory-store.js'
export type { StoreOptions } from './options.js'
export { default } from './plugin.js'
export type { RecordKey, Store, StoreStats } from './store.js'
export type { CountByKind, WriteCounts } from './writer/write-counts.js'
