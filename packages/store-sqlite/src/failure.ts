import {
  DriverMissingError,
  FilterError,
  NotAStoreError,
  PermissionError,
  QueryTimeoutError,
  RecordRefusedError,
  SchemaTooNewError,
  StoreUnavailableError,
  UrlError,
} from '@fastify-scs/store/adapter'
import type { Driver } from './driver/driver.js'
import type { WireFailure } from './threads/protocol.js'

/** What SQLite says of a row that it will never take. */
const REFUSALS = new Set(['SQLITE_CONSTRAINT', 'SQLITE_TOOBIG', 'SQLITE_MISMATCH', 'SQLITE_RANGE'])
/** What SQLite says of a damaged file. */
const NO_DATABASE = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT'])
const NO_PERMISSION = new Set(['SQLITE_PERM', 'SQLITE_READONLY', 'SQLITE_AUTH', 'SQLITE_CANTOPEN'])

/** The coded error for what failed while rows were written or read. */
export function codedFailure(error: unknown, driver: Driver): Error {
  if (isCoded(error)) return error
  const name = driver.failureOf(error)
  const reason = reasonOf(error, name)
  // A failure that is not SQLite's comes from binding values or from JSON: it is about the row.
  const isRefusal = name === undefined || REFUSALS.has(name)
  const Coded = isRefusal ? RecordRefusedError : StoreUnavailableError
  return new Coded(ENGINE, reason, { cause: error })
}

/** Whether SQLite says that the file is damaged, or no database. */
export function saysDamaged(error: unknown, driver: Driver): boolean {
  const name = driver.failureOf(error)
  return name !== undefined && NO_DATABASE.has(name)
}

/** The coded error for what failed while the file was opened. */
export function codedOpenFailure(error: unknown, driver: Driver, path: string): Error {
  if (isCoded(error)) return error
  const name = driver.failureOf(error)
  const reason = reasonOf(error, name)
  if (name !== undefined && NO_DATABASE.has(name)) {
    return new NotAStoreError(ENGINE, path, reason, { cause: error })
  }
  if (name !== undefined && NO_PERMISSION.has(name)) {
    return new PermissionError(ENGINE, `${path}: ${reason}`, { cause: error })
  }
  return new StoreUnavailableError(ENGINE, `${path}: ${reason}`, { cause: error })
}

/** SQLite's name for a failure and what it says. */
function reasonOf(error: unknown, name: string | undefined): string {
  const message = error instanceof Error ? error.message : String(error)
  return name === undefined ? message : `${message} (${name})`
}

function isCoded(error: unknown): error is Error {
  if (error instanceof RecordRefusedError || error instanceof FilterError) return true
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SCS_')
}

const MAKERS: Readonly<Record<string, () => Error>> = {
  SCS_STORE_ERR_DRIVER_MISSING: () => new DriverMissingError(ENGINE, ''),
  SCS_STORE_ERR_FILTER: () => new FilterError('', '', ''),
  SCS_STORE_ERR_NOT_A_STORE: () => new NotAStoreError(ENGINE, '', ''),
  SCS_STORE_ERR_PERMISSION: () => new PermissionError(ENGINE, ''),
  SCS_STORE_ERR_QUERY_TIMEOUT: () => new QueryTimeoutError(ENGINE, 0),
  SCS_STORE_ERR_RECORD_REFUSED: () => new RecordRefusedError(ENGINE, ''),
  SCS_STORE_ERR_SCHEMA_TOO_NEW: () => new SchemaTooNewError(ENGINE, 0, 0),
  SCS_STORE_ERR_URL: () => new UrlError('', ''),
}

/** A coded error as a worker sends it. */
export function toWire(error: Error): WireFailure {
  return { code: 'code' in error ? String(error.code) : '', message: error.message }
}

/** The coded error that a worker sent. */
export function fromWire({ code, message }: WireFailure): Error {
  const make = MAKERS[code] ?? (() => new StoreUnavailableError(ENGINE, ''))
  return Object.assign(make(), { message })
}

/** The name of this engine, in errors and statistics. */
export const ENGINE = 'sqlite'
