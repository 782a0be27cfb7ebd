import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
  statSync,
} from 'node:fs'
import { SymbolicLinkError } from '../errors.js'

/** A file that is open for appending. */
export interface OwnedFile {
  readonly fd: number
  /** The stats of the file when it was opened. */
  readonly stats: Stats
  /** Whether its last line has no line break, because its writer was interrupted (a full disk, a killed process). */
  readonly isTorn: boolean
  /** The previous mode, if others had access to the file and that was taken away. */
  readonly narrowedFrom?: number
}

/** The mode bits for the group and all others. */
const OTHERS = 0o077
const OWNER_ONLY = 0o600
const LINE_BREAK = 0x0a

// Windows has neither this flag nor owners; links are followed there.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0

/**
 * Opens a file for appending. A new file has the mode 0600. From an existing file of this user, the access of others is removed. A
 * file of another user, such as one that an administrator has made, keeps its mode.
 *
 * @throws SCS_ERR_SYMBOLIC_LINK when the path is a symbolic link whose target is not a regular file of this user
 */
export function openOwnedFile(path: string): OwnedFile {
  const fd = openNoForeignLink(path)
  try {
    const stats = fstatSync(fd)
    const isTorn = stats.isFile() && stats.size > 0 && lastByte(fd, stats.size) !== LINE_BREAK
    if (!isTooWide(stats) || !stats.isFile()) return { fd, stats, isTorn }
    fchmodSync(fd, stats.mode & ~OTHERS & 0o7777)
    return { fd, stats, isTorn, narrowedFrom: stats.mode & 0o777 }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

/**
 * Checks a path that other code than `openOwnedFile` will open, such as the file of a database. It may be missing, and it may be a
 * symbolic link only if the target is a file or folder (see `kind`) of this user.
 *
 * @throws SCS_ERR_SYMBOLIC_LINK when it is any other symbolic link
 */
export function refuseForeignLink(path: string, kind: 'file' | 'folder' = 'file'): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats?.isSymbolicLink() !== true) return
  const target = statSync(path, { throwIfNoEntry: false })
  const isWanted = kind === 'file' ? target?.isFile() : target?.isDirectory()
  if (target === undefined || isWanted !== true || !isOurs(target)) {
    throw new SymbolicLinkError(path, kind === 'file' ? 'regular file' : 'folder')
  }
}

/**
 * Removes the access of others from a file or folder of this user. Returns the previous mode, or undefined when nothing was
 * changed.
 */
export function narrowToOwner(path: string): number | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined || !(stats.isFile() || stats.isDirectory()) || !isTooWide(stats)) {
    return undefined
  }
  chmodSync(path, stats.mode & ~OTHERS & 0o7777)
  return stats.mode & 0o777
}

/** The log message about a file or folder from which the access of others was removed. */
export function narrowedText(path: string, mode: number): string {
  return `others had access to ${path} (mode 0${mode.toString(8)}); now only its owner has access`
}

function openNoForeignLink(path: string): number {
  try {
    return openToAppend(path, constants.O_CREAT | NO_FOLLOW)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // FreeBSD has EMLINK in place of ELOOP.
    if (code !== 'ELOOP' && code !== 'EMLINK') throw error
  }
  refuseForeignLink(path)
  const fd = openToAppend(path, 0)
  // The link may have been changed since it was checked.
  const stats = fstatSync(fd)
  if (stats.isFile() && isOurs(stats)) return fd
  closeSync(fd)
  throw new SymbolicLinkError(path, 'regular file')
}

/** Opens the file for appending, and if permitted also for reading, so that its last byte can be checked. */
function openToAppend(path: string, flags: number): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_APPEND | flags, OWNER_ONLY)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    return openSync(path, constants.O_WRONLY | constants.O_APPEND | flags, OWNER_ONLY)
  }
}

/** The last byte of a file; a line break when it cannot be read. */
function lastByte(fd: number, size: number): number | undefined {
  const byte = Buffer.alloc(1)
  try {
    return readSync(fd, byte, 0, 1, size - 1) === 1 ? byte[0] : LINE_BREAK
  } catch {
    return LINE_BREAK
  }
}

function isTooWide(stats: Stats): boolean {
  return process.geteuid !== undefined && isOurs(stats) && (stats.mode & OTHERS) !== 0
}

function isOurs(stats: Stats): boolean {
  return process.geteuid === undefined || stats.uid === process.geteuid()
}
