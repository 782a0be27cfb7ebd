import { chmodSync, closeSync, openSync, statSync } from 'node:fs'
import {
  NotAStoreError,
  PermissionError,
  StoreUnavailableError,
  UrlError,
} from '@fastify-scs/store/adapter'
import type { Connection, Driver } from './driver/driver.js'
import { ENGINE } from './engine.js'
import { codedOpenFailure } from './failure.js'
import { LOCK_STEP_MS, type LockWait } from './lock-wait.js'
import { APPLICATION_ID, migrate } from './migrations.js'

const OWNER_ONLY = 0o600
const PAUSE_MS = 25

/** How a file is opened. */
export interface FileOptions {
  readonly path: string
  /** How long to wait for another process's lock, in milliseconds. */
  readonly busyTimeoutMs: number
}

/**
 * Opens the file for writing, makes it when it is not there, and brings its schema up to date.
 *
 * @throws UrlError, PermissionError, NotAStoreError, SchemaTooNewError, StoreUnavailableError
 */
export function openToWrite(
  driver: Driver,
  { path, busyTimeoutMs }: FileOptions,
  lockWait?: LockWait,
): Connection {
  makeFile(path)
  const end = Date.now() + busyTimeoutMs
  for (;;) {
    try {
      return connect(driver, path)
    } catch (error) {
      // Changing to WAL does not wait for other processes by itself.
      const isOver = Date.now() >= end || lockWait?.isStopped === true
      if (driver.failureOf(error) !== 'SQLITE_BUSY' || isOver) {
        throw codedOpenFailure(error, driver, path)
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    }
  }
}

/** Opens a file that is there for reading. @throws as `openToWrite` */
export function openToRead(driver: Driver, { path, busyTimeoutMs }: FileOptions): Connection {
  try {
    const connection = driver.open(path, { isReadOnly: true })
    connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA query_only = 1`)
    return connection
  } catch (error) {
    throw codedOpenFailure(error, driver, path)
  }
}

function connect(driver: Driver, path: string): Connection {
  const connection = driver.open(path, { isReadOnly: false })
  try {
    connection.exec(`PRAGMA busy_timeout = ${LOCK_STEP_MS}`)
    refuseStranger(connection, path)
    // Only a file without tables takes auto_vacuum, so it comes first. NORMAL: a commit survives the process, and a
    // power failure costs the last commits, never the file.
    connection.exec(`PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = 0;
      PRAGMA temp_store = MEMORY`)
    migrate(connection)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** A database that is not a store must not get our tables. */
function refuseStranger(connection: Connection, path: string): void {
  // In one statement, so in one snapshot: another process may be making the tables.
  const { application, version, tables } = connection
    .prepare(`SELECT application_id AS application, user_version AS version,
      (SELECT count(*) FROM sqlite_master) AS tables
      FROM pragma_application_id, pragma_user_version`)
    .get() as { application: number; version: number; tables: number }
  if (application === APPLICATION_ID || (tables === 0 && version === 0)) return
  throw new NotAStoreError(ENGINE, path, 'it is the database of something else')
}

/** Makes the file readable by its owner only; SQLite gives the -wal and -shm files the same mode. */
function makeFile(path: string): void {
  try {
    // Never opened when it is there: closing a descriptor drops the locks that SQLite has on the file in this process.
    if (statSync(path, { throwIfNoEntry: false }) === undefined) create(path)
    for (const suffix of ['', '-wal', '-shm']) narrow(`${path}${suffix}`)
  } catch (error) {
    throw fileError(path, error)
  }
}

function create(path: string): void {
  try {
    closeSync(openSync(path, 'wx', OWNER_ONLY))
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function narrow(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory())
    throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' })
  if (stats !== undefined && (stats.mode & 0o077) !== 0) chmodSync(path, OWNER_ONLY)
}

function fileError(path: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException
  const cause = { cause: error }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UrlError(`sqlite:${path}`, 'its folder does not exist; create it', cause)
  }
  if (code === 'EISDIR') return new UrlError(`sqlite:${path}`, 'it is a folder; name a file', cause)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new PermissionError(ENGINE, message, cause)
  }
  return new StoreUnavailableError(ENGINE, message, cause)
}
