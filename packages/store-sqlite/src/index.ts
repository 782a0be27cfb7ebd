export { createStoreAdapter } from './create-store-adapter.js'
export type { DriverName } from './driver/driver.js'
export type { SqliteStoreOptions } from './options.js'
export { SqliteStore } from './sqlite-store.js'
