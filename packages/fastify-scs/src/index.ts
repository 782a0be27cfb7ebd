import { type CodeOf, catalogOf, type ErrorCatalog } from '@fastify-scs/core/kit'
import * as errors from './errors.js'

export * from '@fastify-scs/core'
export {
  emailReporter,
  fileReporter,
  logReporter,
  slackReporter,
  webhookReporter,
} from '@fastify-scs/error-reporter'
export {
  observeBetterSqlite,
  observeIoredis,
  observeKnex,
  observeMongo,
  observeNodeSqlite,
  observePg,
  observePrisma,
} from '@fastify-scs/query-log'
export type { FastifyScsOptions, PluginOptions } from './options.js'
export { default } from './plugin.js'

/** The codes of the errors that this package throws at a developer. */
export type FastifyScsErrorCode = CodeOf<typeof errors>

/** Every error that this package throws at a developer, by code; each of the plugins has its own list. */
export const errorCatalog: ErrorCatalog<FastifyScsErrorCode> = catalogOf(errors)
