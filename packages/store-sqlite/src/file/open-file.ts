import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import {
  NotAStoreError,
  PermissionError,
  StoreUnavailableError,
  UrlError,
} from '@fastify-scs/store/adapter'
import type { Connection, Driver } from '../driver/driver.js'
import { codedOpenFailure, ENGINE, saysDamaged } from '../failure.js'
import type { Notice, OnDamaged } from '../threads/protocol.js'
import { COMPANIONS, inodeOf, keepAside } from './file-place.js'
import { APPLICATION_ID, migrate, refuseOtherSchema } from './migrations.js'
import { LOCK_STEP_MS, type LockWait } from './transaction.js'

const OWNER_ONLY = 0o600
const PAUSE_MS = 25

/** How a file is opened. */
export interface FileOptions {
  readonly path: string
  /** How long to wait for another process's lock, in milliseconds. */
  readonly busyTimeoutMs: number
}

/** How a file is opened for writing. */
export interface WriteOptions extends FileOptions {
  readonly onDamaged: OnDamaged
}

/** What a file is opened for writing with. */
export interface OpenTools {
  readonly driver: Driver
  readonly lockWait: LockWait
  readonly note: (notice: Notice) => void
}

/**
 * Opens the file for writing, makes it if it is missing, and brings its schema up to date.
 *
 * @throws UrlError, PermissionError, NotAStoreError, SchemaTooNewError, StoreUnavailableError
 */
export function openToWrite(
  { driver, lockWait, note }: OpenTools,
  { path, busyTimeoutMs, onDamaged }: WriteOptions,
): Connection {
  const end = Date.now() + busyTimeoutMs
  for (;;) {
    makeFile(path)
    const inode = inodeOf(path)
    try {
      return connect(driver, path)
    } catch (error) {
      if (onDamaged === 'keepAside' && saysDamaged(error, driver)) {
        setAside(path, inode, error, note)
        continue
      }
      // SQLite does not wait for other processes when it changes to WAL.
      const isOver = Date.now() >= end || lockWait.isStopped
      if (driver.failureOf(error) !== 'SQLITE_BUSY' || isOver) {
        throw codedOpenFailure(error, driver, path)
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    }
  }
}

/** Renames a damaged file, and logs it. @throws PermissionError, StoreUnavailableError */
export function setAside(
  path: string,
  inode: bigint | undefined,
  error: unknown,
  note: (notice: Notice) => void,
): void {
  try {
    const keptAs = keepAside(path, inode)
    if (keptAs === undefined) return
    const reason = error instanceof Error ? error.message : String(error)
    note({
      details: { path, keptAs, reason },
      message: 'the file of the store is damaged: it is kept aside, and a new one is begun',
    })
  } catch (failure) {
    throw fileError(path, failure)
  }
}

/** Opens an existing file for reading. @throws as `openToWrite` */
export function openToRead(driver: Driver, { path, busyTimeoutMs }: FileOptions): Connection {
  try {
    const connection = driver.open(path, { isReadOnly: true })
    connection.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA query_only = 1`)
    return connection
  } catch (error) {
    throw codedOpenFailure(error, driver, path)
  }
}

/** SQLite says of a folder that the disk has failed. @throws UrlError where the path leads to no file */
export function refuseMissing(url: string, path: string): void {
  if (!existsSync(path)) throw new UrlError(url, 'there is no such file')
  if (statSync(path).isDirectory()) throw new UrlError(url, 'it is a folder; name a file')
}

/** Opens a file that this process never writes, which must be a store with the schema that is known. @throws as `openToWrite` */
export function openReadOnly(driver: Driver, options: FileOptions): Connection {
  const { path } = options
  refuseMissing(`sqlite:${path}`, path)
  const connection = openToRead(driver, options)
  try {
    refuseStranger(connection, path)
    refuseOtherSchema(connection, path)
    return connection
  } catch (error) {
    closeQuietly(connection)
    if (driver.failureOf(error) !== 'SQLITE_CANTOPEN') throw codedOpenFailure(error, driver, path)
    const reason = `${path} cannot be read: SQLite needs ${COMPANIONS.map((end) => `${path}${end}`).join(' and ')}, and may not make them in this folder; copy the file to a folder that can be written`
    throw new PermissionError(ENGINE, reason, { cause: error })
  }
}

function connect(driver: Driver, path: string): Connection {
  const connection = driver.open(path, { isReadOnly: false })
  try {
    connection.exec(`PRAGMA busy_timeout = ${LOCK_STEP_MS}`)
    refuseStranger(connection, path)
    // Only a file without tables takes auto_vacuum, so it comes first. NORMAL: a commit survives the process, and a
    // power failure costs the last commits, never the file. FAST: what is removed from a page that stays is overwritten with zeros.
    connection.exec(`PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = 0;
      PRAGMA secure_delete = FAST;
      PRAGMA temp_store = MEMORY`)
    migrate(connection)
    return connection
  } catch (error) {
    closeQuietly(connection)
    throw error
  }
}

/** Closes after a failure, which is the one that is thrown. */
function closeQuietly(connection: Connection): void {
  try {
    connection.close()
  } catch {
    // The first failure says more.
  }
}

/** Refuses a database of something else, which must not get this package's tables. */
function refuseStranger(connection: Connection, path: string): void {
  // In one statement, and so in one snapshot: another process may be making the tables.
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
    // An existing file is never opened here: closing a descriptor would drop the locks that SQLite has on the file in this process.
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats?.isDirectory())
      throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' })
    if (stats === undefined) create(path)
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
