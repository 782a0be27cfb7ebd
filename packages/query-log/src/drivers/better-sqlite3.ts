import { show } from '@fastify-scs/core/kit'
import { NotObservableError } from '../errors.js'
import { type DatabaseShape, observeDatabase } from './observed-database.js'
import { changesOf, rowOf, rowsOfList, textOf } from './sqlite-results.js'

/** What is used of a database of better-sqlite3. */
export interface BetterSqliteDatabase {
  prepare(source: string): unknown
  exec(source: string): unknown
  pragma(source: string): unknown
}

const SHAPE: DatabaseShape = {
  runs: { run: changesOf, get: rowOf, all: rowsOfList },
  texts: { exec: textOf, pragma: (source) => `PRAGMA ${textOf(source)}` },
}

/**
 * Notes the queries of a database of better-sqlite3: those of `exec`, of `pragma`, and of each statement that it prepares from now on.
 *
 * @param database - An open database, before it prepares statements.
 * @returns The same database.
 * @throws SCS_QUERY_LOG_ERR_NOT_OBSERVABLE
 */
export function observeBetterSqlite<Database extends BetterSqliteDatabase>(
  database: Database,
): Database {
  if (!isDatabase(database)) {
    throw new NotObservableError(
      'observeBetterSqlite',
      'a database of better-sqlite3',
      show(database),
    )
  }
  observeDatabase(database, SHAPE)
  return database
}

function isDatabase(value: unknown): boolean {
  const database = value as Partial<BetterSqliteDatabase> | null | undefined
  return (
    typeof database?.prepare === 'function' &&
    typeof database.exec === 'function' &&
    typeof database.pragma === 'function'
  )
}
