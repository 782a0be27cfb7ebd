import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { show } from '@fastify-scs/core/kit'
import { NotObservableError } from '../errors.js'
import { type DatabaseShape, observationOf, observeDatabase } from './observed-database.js'
import { changesOf, rowOf, rowsOfList, textOf } from './sqlite-results.js'
import { type BeginQuery, quietly } from './traced-calls.js'

/** What is used of a `DatabaseSync` of node:sqlite. */
export interface NodeSqliteDatabase {
  prepare(sql: string): unknown
  exec(sql: string): void
  createSession(): unknown
}

const SHAPE: DatabaseShape = {
  runs: { run: changesOf, get: rowOf, all: rowsOfList },
  texts: { exec: textOf },
}

const CHANNEL = 'sqlite.db.query'

/**
 * Notes the queries of a `DatabaseSync` of node:sqlite: those of `exec`, and of each statement that it prepares from now on. Node 26 tells of
 * them by itself; there it adds rows, errors and exact times.
 *
 * @param database - A database, before it prepares statements.
 * @returns The same database.
 * @throws SCS_QUERY_LOG_ERR_NOT_OBSERVABLE
 */
export function observeNodeSqlite<Database extends NodeSqliteDatabase>(
  database: Database,
): Database {
  const given = database as Partial<NodeSqliteDatabase> | null | undefined
  if (
    typeof given?.prepare !== 'function' ||
    typeof given.exec !== 'function' ||
    typeof given.createSession !== 'function'
  ) {
    throw new NotObservableError(
      'observeNodeSqlite',
      'a DatabaseSync of node:sqlite',
      show(database),
    )
  }
  observeDatabase(database, SHAPE)
  return database
}

/** Hears of the queries of node:sqlite on Node 26, except for those that `observeNodeSqlite` notes. Each is told of at its end. */
export function listenToNodeSqlite(begin: BeginQuery): () => void {
  const onQuery = quietly(({ database, sql, duration }) => {
    if (typeof sql !== 'string' || observationOf(database)?.isInside === true) return
    begin({ system: 'sqlite', statement: sql })?.end({ durationMs: msOf(duration) })
  })
  subscribe(CHANNEL, onQuery)
  return () => unsubscribe(CHANNEL, onQuery)
}

/** SQLite's clock, of whole milliseconds, in nanoseconds. */
function msOf(duration: unknown): number {
  return typeof duration === 'number' && duration > 0 ? duration / 1e6 : 0
}
