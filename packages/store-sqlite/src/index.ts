export type { DriverName } from './driver/driver.js'
export type { SqliteStoreOptions } from './options.js'
export { createStoreAdapter, SqliteStore } from './sqlite-store.js'
export type { OnDamaged } from './threads/protocol.js'
