import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs'
import { basename, extname, isAbsolute } from 'node:path'
import { isOfPackage, pathInside } from '../code/inside-root.js'

/** The longest file that is read, in bytes: a bundle with a source map in it. */
export const MAX_FILE_BYTES = 16_777_216

/** A longer file is not kept: it is read again where it is asked for, which is once a minute for each place. */
const MAX_KEPT_CHARS = 4_194_304
const MAX_KEPT_FILES = 100

const SOURCE_EXTENSIONS: ReadonlySet<string> = new Set(
  '.js .mjs .cjs .jsx .ts .mts .cts .tsx .vue .svelte .astro .coffee .civet .imba'.split(' '),
)
const MAP_EXTENSIONS: ReadonlySet<string> = new Set(['.map', '.json'])

/** What a file is read as; it decides which names it may have. */
export type FileUse = 'source' | 'map'

/** A file of the application. */
export interface OwnFile {
  /** Its real path. */
  readonly path: string
  /** From the root on, with `/`. */
  readonly name: string
  readonly text: string
  /** When it was written or put in place, in milliseconds since 1970. */
  readonly changedAtMs: number
  /** When its content was written, in milliseconds since 1970. */
  readonly writtenAtMs: number
  /** Differs for another version of the file. */
  readonly version: string
}

/** Reads files within the application's root, and keeps the last ones as long as they do not change. */
export class OwnFiles {
  readonly #root: string
  readonly #kept = new Map<string, OwnFile>()
  #keptChars = 0

  /** @param root the real path of the application's root */
  constructor(root: string) {
    this.#root = root
  }

  /** The name from the root on of a file that may be shown; undefined for one outside of it, of a package, hidden, or no source. */
  nameOf(path: string, use: FileUse = 'source'): string | undefined {
    if (!isAbsolute(path) || path.includes('\0') || basename(path).startsWith('.')) return undefined
    const known = use === 'source' ? SOURCE_EXTENSIONS : MAP_EXTENSIONS
    if (!known.has(extname(path).toLowerCase())) return undefined
    const name = pathInside(this.#root, path)
    return name === undefined || isOfPackage(name) ? undefined : name
  }

  /** The file behind a path, by whatever links; undefined where there is none that may be read. Never throws. */
  read(path: string, use: FileUse): OwnFile | undefined {
    try {
      // Before anything is asked of the system about it.
      if (pathInside(this.#root, path) === undefined) return undefined
      const real = realpathSync.native(path)
      const name = this.nameOf(real, use)
      // To open a FIFO or a device may wait, or do something.
      if (name === undefined || !lstatSync(real).isFile()) return undefined
      return this.#open(real, name)
    } catch {
      // It does not exist, or this user may not read it.
      return undefined
    }
  }

  #open(path: string, name: string): OwnFile | undefined {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile() || stats.size > MAX_FILE_BYTES) return undefined
      const version = versionOf(stats)
      const kept = this.#kept.get(path)
      if (kept !== undefined) this.#forget(kept)
      const file = kept?.version === version ? kept : fileOf(path, name, stats, textOf(fd, stats))
      this.#keep(file)
      return file
    } finally {
      closeSync(fd)
    }
  }

  #keep(file: OwnFile): void {
    this.#kept.set(file.path, file)
    this.#keptChars += file.text.length
    for (const oldest of this.#kept.values()) {
      if (this.#keptChars <= MAX_KEPT_CHARS && this.#kept.size <= MAX_KEPT_FILES) break
      this.#forget(oldest)
    }
  }

  #forget(file: OwnFile): void {
    if (this.#kept.delete(file.path)) this.#keptChars -= file.text.length
  }
}

function fileOf(path: string, name: string, stats: Stats, text: string): OwnFile {
  const { mtimeMs, ctimeMs } = stats
  return {
    path,
    name,
    text,
    // A copy may keep the time of what it was copied from; the time of the change of its entry is the system's own.
    changedAtMs: Math.max(mtimeMs, ctimeMs),
    writtenAtMs: mtimeMs,
    version: versionOf(stats),
  }
}

function versionOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(' ')
}

/** No more than its size: it may grow meanwhile. */
function textOf(fd: number, { size }: Stats): string {
  const bytes = Buffer.allocUnsafe(size)
  let length = 0
  while (length < size) {
    const count = readSync(fd, bytes, length, size - length, null)
    if (count === 0) break
    length += count
  }
  return bytes.toString('utf8', 0, length)
}
