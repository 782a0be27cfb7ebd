// What the API answers and takes: the page imports only the types of it.

export * from './model/groups.js'
export * from './model/live.js'
export * from './model/overview.js'
export * from './model/records.js'
export * from './model/routes.js'
export * from './model/rows.js'
export * from './model/session.js'
export * from './model/span.js'
export * from './model/store-state.js'
export * from './model/timeline.js'
