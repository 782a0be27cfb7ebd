export { examineStore } from './examine/examine-store.js'
export type { PostgresStoreOptions } from './options.js'
export { createStoreAdapter, PostgresStore } from './postgres-store.js'
