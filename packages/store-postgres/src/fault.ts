import {
  NotAStoreError,
  PermissionError,
  QueryTimeoutError,
  RecordRefusedError,
  StoreUnavailableError,
  UrlError,
} from '@fastify-scs/store/adapter'
import pg from 'pg'
import type { Target } from './target.js'

/** The name of this engine, in errors and statistics. */
export const ENGINE = 'postgres'

/** The SQLSTATE codes that this package tells apart, https://www.postgresql.org/docs/current/errcodes-appendix.html */
export const SQLSTATE = {
  checkViolation: '23514',
  duplicateTable: '42P07',
  insufficientPrivilege: '42501',
  invalidAuthorization: '28000',
  invalidCatalogName: '3D000',
  invalidPassword: '28P01',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  undefinedColumn: '42703',
} as const

/** Classes of errors about a row's values: data exception, integrity violation, program limit exceeded. */
const REFUSING_CLASSES: ReadonlySet<string> = new Set(['22', '23', '54'])

/** The SQLSTATE that the server gave; undefined when the failure is not the server's answer. */
export function sqlstateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** The coded error for a failed write: the row is refused, or the database is not available. */
export function writeFault(error: unknown, target: Target): Error {
  const sqlstate = sqlstateOf(error)
  // The tables have no checks: 23514 says that a day's partition was dropped a moment ago.
  const isRefusal = sqlstate !== undefined && sqlstate !== SQLSTATE.checkViolation
  if (isRefusal && REFUSING_CLASSES.has(sqlstate.slice(0, 2))) {
    return new RecordRefusedError(ENGINE, reasonOf(error), { cause: error })
  }
  return unavailable(error, target)
}

/** The coded error for a failure after which the same call may succeed later; coded errors stay as they are. */
export function unavailable(error: unknown, target: Target): Error {
  if (isCoded(error)) return error
  return new StoreUnavailableError(ENGINE, `${target.place}: ${reasonOf(error)}`, { cause: error })
}

/** The coded error for a failed read: the server ended it for its time, or the database is not available. */
export function readFault(error: unknown, target: Target, queryTimeoutMs: number): Error {
  if (sqlstateOf(error) !== SQLSTATE.queryCanceled) return unavailable(error, target)
  return new QueryTimeoutError(ENGINE, queryTimeoutMs, { cause: error })
}

/** The coded error for a failure at start-up, which says what to do. */
export function startFault(error: unknown, target: Target): Error {
  const { place, user, database, schema } = target
  const cause = { cause: error }
  switch (sqlstateOf(error)) {
    case SQLSTATE.invalidPassword:
    case SQLSTATE.invalidAuthorization: {
      const whatToDo =
        'correct the user and the password in the URL, or let the user in by pg_hba.conf'
      return new PermissionError(ENGINE, `${place}: ${reasonOf(error)}; ${whatToDo}`, cause)
    }
    case SQLSTATE.invalidCatalogName:
      return new UrlError(
        `postgres://${place}`,
        `there is no database "${database}": create it or correct the name`,
        cause,
      )
    case SQLSTATE.insufficientPrivilege: {
      const make = `GRANT CREATE ON DATABASE "${database}" TO "${user}"`
      const own = `make the user the owner of the schema "${schema}" and its tables`
      return new PermissionError(ENGINE, `${place}: ${reasonOf(error)}; ${make}, or ${own}`, cause)
    }
    case SQLSTATE.duplicateTable:
    case SQLSTATE.undefinedColumn:
      return new NotAStoreError(
        ENGINE,
        `the schema "${schema}" of ${place}`,
        `${reasonOf(error)}: it holds tables of something else, name another schema with ?schema=`,
        cause,
      )
    default:
      return unavailable(error, target)
  }
}

/** What the server or the system says, with its code; neither shows a password. */
function reasonOf(error: unknown): string {
  // A host name with several addresses fails with one error for each, and an empty message of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return code === undefined || error.message.includes(code)
    ? error.message
    : `${error.message} (${code})`
}

function isCoded(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SCS_')
}
