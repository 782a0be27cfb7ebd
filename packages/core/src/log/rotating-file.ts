import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { LogFileError } from '../coded-errors.js'
import type { ByteTarget } from './sync-line-sink.js'

/** A log file that is rotated by size: `audit.log`, then `audit.log.1` (the newest backup), `audit.log.2` ... */
export interface RotatingFileOptions {
  /** Path of the file; its folder must exist. A new file has the mode 0600. */
  readonly path: string
  /** Size in MiB that the file does not pass. @default 10 */
  readonly maxSizeMb?: number
  /** How many older files are kept; 0 never rotates. @default 5 */
  readonly backupCount?: number
}

export const DEFAULT_MAX_SIZE_MB = 10
export const DEFAULT_BACKUP_COUNT = 5

const OWNER_ONLY = 0o600
const CLOSED = -1

/** One process may write a file; several would rotate it away from each other. */
export class RotatingFile implements ByteTarget {
  readonly #path: string
  readonly #maxBytes: number
  readonly #backupCount: number
  #fd = CLOSED
  #size = 0
  #rotateAt: number

  /** @throws SCS_ERR_LOG_FILE when the file cannot be opened */
  constructor(options: RotatingFileOptions) {
    this.#path = options.path
    this.#maxBytes = (options.maxSizeMb ?? DEFAULT_MAX_SIZE_MB) * 1_048_576
    this.#rotateAt = this.#maxBytes
    this.#backupCount = options.backupCount ?? DEFAULT_BACKUP_COUNT
    try {
      this.#open()
    } catch (error) {
      throw logFileError(this.#path, error)
    }
  }

  beginLine(bytes: number): unknown {
    if (this.#backupCount === 0 || this.#size === 0 || this.#size + bytes <= this.#rotateAt) {
      return undefined
    }
    try {
      this.#rotate()
      this.#rotateAt = this.#maxBytes
      return undefined
    } catch (error) {
      // The file goes on growing, since a line in a large file beats a line lost; tried again a tenth later.
      this.#rotateAt = this.#size + bytes + this.#maxBytes / 10
      return error
    }
  }

  write(data: string | Buffer): number {
    if (this.#fd === CLOSED) this.#open()
    try {
      const taken = typeof data === 'string' ? writeSync(this.#fd, data) : writeSync(this.#fd, data)
      this.#size += taken
      return taken
    } catch (error) {
      // The path may be another file by the time of the next attempt (a remounted or cleaned-up disk).
      this.close()
      throw error
    }
  }

  close(): void {
    if (this.#fd === CLOSED) return
    const fd = this.#fd
    this.#fd = CLOSED
    closeSync(fd)
  }

  #open(): void {
    this.#fd = openSync(this.#path, 'a', OWNER_ONLY)
    this.#size = fstatSync(this.#fd).size
  }

  #rotate(): void {
    this.close()
    for (let number = this.#backupCount - 1; number >= 1; number--) {
      renameIfThere(`${this.#path}.${number}`, `${this.#path}.${number + 1}`)
    }
    renameIfThere(this.#path, `${this.#path}.1`)
  }
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function logFileError(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException
  const reason = code === 'ENOENT' ? `its folder ${dirname(path)} does not exist` : message
  return Object.assign(new LogFileError(path, reason), { cause: error })
}
