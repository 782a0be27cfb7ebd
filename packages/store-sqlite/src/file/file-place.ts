import { type BigIntStats, renameSync, rmSync, statSync } from 'node:fs'
import { narrowedText, narrowToOwner, refuseForeignLink } from '@fastify-scs/core/kit/plain'
import type { StoreLog } from '@fastify-scs/store'

/** Endings of SQLite's write-ahead log and its index, which belong to the file. */
export const COMPANIONS = ['-wal', '-shm'] as const

/** Which file is at a path. A file that was deleted or replaced can still be written and read, but nobody finds it again. */
export class FilePlace {
  readonly #path: string
  readonly #file: BigIntStats | undefined
  readonly #companions = new Map<string, BigIntStats>()

  /** To be made once the file is open. */
  constructor(path: string) {
    this.#path = path
    this.#file = look(path)
  }

  /** Whether there is any file at the path. */
  isThere(): boolean {
    return look(this.#path) !== undefined
  }

  /** The inode of the file that was opened. */
  get inode(): bigint | undefined {
    return this.#file?.ino
  }

  /** Whether the file at the path is the one that was opened. */
  isSame(): boolean {
    return isOne(look(this.#path), this.#file)
  }

  /** As `isSame`, for the log and its index as well; the first ones that are found count as those that were opened. */
  isWholeSame(): boolean {
    if (!this.isSame()) return false
    for (const suffix of COMPANIONS) {
      const found = look(`${this.#path}${suffix}`)
      const known = this.#companions.get(suffix)
      if (known === undefined && found !== undefined) this.#companions.set(suffix, found)
      else if (known !== undefined && !isOne(found, known)) return false
    }
    return true
  }

  /** Removes the log of the file that is gone, which SQLite would take for part of the next file. */
  removeCompanions(): void {
    for (const [suffix, known] of this.#companions) {
      const path = `${this.#path}${suffix}`
      if (isOne(look(path), known)) rmSync(path, { force: true })
    }
  }
}

function look(path: string): BigIntStats | undefined {
  return statSync(path, { throwIfNoEntry: false, bigint: true })
}

function isOne(found: BigIntStats | undefined, known: BigIntStats | undefined): boolean {
  return found !== undefined && found.ino === known?.ino && found.dev === known.dev
}

/** The inode of the file at a path; undefined when there is none. */
export function inodeOf(path: string): bigint | undefined {
  return statSync(path, { throwIfNoEntry: false, bigint: true })?.ino
}

/**
 * Renames a damaged file with its log, so that a new one can be begun; returns its new path, undefined when another process was
 * faster.
 *
 * @throws what the file system says
 */
export function keepAside(path: string, inode: bigint | undefined): string | undefined {
  if (inode === undefined || inodeOf(path) !== inode) return undefined
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const aside = `${path}.damaged-${time}`
  // The log first: beside a new file SQLite would take it for that file's.
  for (const suffix of [...COMPANIONS, '']) {
    try {
      renameSync(`${path}${suffix}`, `${aside}${suffix}`)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return aside
}

/**
 * Makes existing files readable by their owner only, and logs it; a link is followed to a file of this user only.
 *
 * @throws SCS_ERR_SYMBOLIC_LINK
 */
export function ownFiles(path: string, log: StoreLog | undefined): void {
  for (const suffix of ['', ...COMPANIONS]) {
    const file = `${path}${suffix}`
    refuseForeignLink(file)
    // A folder in its place is an error when the file is opened.
    const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() === true
    const mode = isFile ? narrowToOwner(file) : undefined
    if (mode !== undefined) log?.warn({ path: file }, narrowedText(file, mode))
  }
}
