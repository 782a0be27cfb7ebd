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

/** A file that is open for appending, and that only its owner can read. */
export interface OwnedFile {
  readonly fd: number
  /** As it was when it was opened. */
  readonly stats: Stats
  /** Whether its last line has no line break: whoever wrote it was cut off (a full disk, a killed process). */
  readonly isTorn: boolean
  /** The mode that it had, if others had access to it and it was narrowed. */
  readonly narrowedFrom?: number
}

/** The access of others than the owner. */
const OTHERS = 0o077
const OWNER_ONLY = 0o600
const LINE_BREAK = 0x0a

// Windows knows neither this flag nor owners; a link is followed there.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0

/**
 * Opens a file for appending. A new one has the mode 0600; one of ours that others have access to is narrowed. Somebody
 * else's file, such as one that an administrator made for us, keeps its mode.
 *
 * @throws SCS_ERR_SYMBOLIC_LINK when the path is a link whose target is not a regular file of this user
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
 * Refuses a path that is a link, unless its target is of the kind that is wanted and belongs to this user. A path where
 * nothing is passes. For files that are opened by other code than `openOwnedFile`, such as a database's.
 *
 * @throws SCS_ERR_SYMBOLIC_LINK
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
 * Takes the access of others from a file or folder of ours; returns the mode that it had, undefined when nothing was to be
 * done.
 */
export function narrowToOwner(path: string): number | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined || !(stats.isFile() || stats.isDirectory()) || !isTooWide(stats)) {
    return undefined
  }
  chmodSync(path, stats.mode & ~OTHERS & 0o7777)
  return stats.mode & 0o777
}

/** What a log says of a file or folder that was narrowed. */
export function narrowedText(path: string, mode: number): string {
  return `others had access to ${path} (mode 0${mode.toString(8)}); now only its owner has`
}

function openNoForeignLink(path: string): number {
  try {
    return openToAppend(path, constants.O_CREAT | NO_FOLLOW)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // FreeBSD's word for it is EMLINK.
    if (code !== 'ELOOP' && code !== 'EMLINK') throw error
  }
  refuseForeignLink(path)
  const fd = openToAppend(path, 0)
  // The link may lead elsewhere by now.
  const stats = fstatSync(fd)
  if (stats.isFile() && isOurs(stats)) return fd
  closeSync(fd)
  throw new SymbolicLinkError(path, 'regular file')
}

/** Opens for reading too, where that is allowed, so that the end of the file can be looked at. */
function openToAppend(path: string, flags: number): number {
  try {
    return openSync(path, constants.O_RDWR | constants.O_APPEND | flags, OWNER_ONLY)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    return openSync(path, constants.O_WRONLY | constants.O_APPEND | flags, OWNER_ONLY)
  }
}

/** The last byte; a line break where it cannot be read. */
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
