import './augment.js'
import { type CodeOf, catalogOf, type ErrorCatalog } from '@fastify-scs/core/kit'
import * as errors from './errors.js'

export type { QueriesFact, QueryRun, QueryStatement } from '@fastify-scs/core/kit'
export { type BetterSqliteDatabase, observeBetterSqlite } from './drivers/better-sqlite3.js'
export { type ObservableIoredis, observeIoredis } from './drivers/ioredis.js'
export { type ObservableKnex, observeKnex } from './drivers/knex.js'
export { type MongoClientLike, type MongoCommandEvent, observeMongo } from './drivers/mongo.js'
export { type NodeSqliteDatabase, observeNodeSqlite } from './drivers/node-sqlite.js'
export { type ObservablePg, observePg } from './drivers/pg.js'
export { type ObservablePrisma, observePrisma } from './drivers/prisma.js'
export type { QueryLogStats } from './noting/app-queries.js'
export type { ChannelDriver, QueryLogOptions } from './options.js'
export { default, type QueryLog } from './plugin.js'

/** The codes of the errors that this package throws at a developer. */
export type QueryLogErrorCode = CodeOf<typeof errors>

/** Every error that this package throws at a developer, by code. */
export const errorCatalog: ErrorCatalog<QueryLogErrorCode> = catalogOf(errors)
