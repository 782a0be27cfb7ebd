export type { PostgresStoreOptions } from './options.js'
export { createStoreAdapter, PostgresStore } from './postgres-store.js'
