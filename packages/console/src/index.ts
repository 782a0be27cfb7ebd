export type { Session } from './api/model.js'
