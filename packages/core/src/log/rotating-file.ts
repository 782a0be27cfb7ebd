import { closeSync, renameSync, type Stats, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { LogFileError } from '../errors.js'
import { DeletedFile, isDeleted } from './deleted-file.js'
import type { ByteTarget } from './line-sink.js'
import { narrowedText, openOwnedFile } from './owned-file.js'
import type { RotatingFileOptions } from './sink-options.js'
import { CHUNK_BYTES } from './sync-line-sink.js'

export const DEFAULT_MAX_SIZE_MB = 10
export const DEFAULT_BACKUP_COUNT = 5

const CLOSED = -1

/** The file and the position where the rest of an incomplete line belongs. */
interface Place {
  readonly dev: number
  readonly ino: number
  readonly size: number
}

/**
 * A log file that is rotated by size, and that keeps up with other programs that move, empty or delete it. Only one process may
 * write a file, since each would rotate it by its own count.
 */
export class RotatingFile implements ByteTarget {
  readonly chunkBytes: number
  readonly #path: string
  readonly #maxBytes: number
  readonly #backupCount: number
  readonly #onWarning: (text: string) => void
  #fd = CLOSED
  #dev = 0
  #ino = 0
  #size = 0
  /** The size when the path was last checked. Lines beyond it would be lost with a deleted file, and are copied to the new one. */
  #seenSize = 0
  #isTorn = false
  #rotateAt: number
  #tornPlace: Place | undefined
  #deleted: DeletedFile[] = []

  /** @throws SCS_ERR_LOG_FILE when the file cannot be opened */
  constructor(options: RotatingFileOptions, onWarning: (text: string) => void) {
    this.#path = options.path
    this.#maxBytes = (options.maxSizeMb ?? DEFAULT_MAX_SIZE_MB) * 1_048_576
    this.#rotateAt = this.#maxBytes
    this.chunkBytes = Math.min(CHUNK_BYTES, this.#maxBytes)
    this.#backupCount = options.backupCount ?? DEFAULT_BACKUP_COUNT
    this.#onWarning = onWarning
    try {
      this.reopen()
    } catch (error) {
      throw logFileError(this.#path, error)
    }
  }

  beginLine(bytes: number): unknown {
    const failure = this.#isFull(bytes) ? this.#makeRoom(bytes) : undefined
    if (this.#fd === CLOSED || this.#isTorn || this.#deleted.length > 0) this.settle()
    return failure
  }

  write(data: string | Buffer): number {
    try {
      const taken = typeof data === 'string' ? writeSync(this.#fd, data) : writeSync(this.#fd, data)
      this.#size += taken
      return taken
    } catch (error) {
      // At the next attempt the path may lead to another file (a disk was remounted or cleaned up).
      this.#release()
      throw error
    }
  }

  continuesLine(): boolean {
    if (this.#fd !== CLOSED) return true
    const place = this.#tornPlace
    this.reopen()
    if (place?.ino !== this.#ino || place.dev !== this.#dev || place.size !== this.#size)
      return false
    this.#isTorn = false
    return true
  }

  follow(): void {
    if (this.#fd === CLOSED) return
    const there = this.#statsOfPath()
    if (there?.ino !== this.#ino || there.dev !== this.#dev) this.reopen()
    else this.#noteSize(there.size)
  }

  settle(): void {
    if (this.#fd === CLOSED) this.reopen()
    try {
      this.#beginNewLine()
      this.#copyDeletedFiles()
      this.#beginNewLine()
    } catch (error) {
      this.#release()
      throw error
    }
  }

  reopen(): void {
    let file: ReturnType<typeof openOwnedFile>
    try {
      file = openOwnedFile(this.#path)
    } catch (error) {
      // A file that was moved keeps its lines; those of a deleted file have to be copied.
      if (this.#fd !== CLOSED && isDeleted(this.#fd)) this.#release()
      throw error
    }
    this.#release()
    this.#take(file.fd, file.stats, file.isTorn)
    if (file.narrowedFrom !== undefined) {
      this.#onWarning(narrowedText(this.#path, file.narrowedFrom))
    }
  }

  close(): void {
    try {
      if (this.#fd !== CLOSED && isDeleted(this.#fd)) this.reopen()
      if (this.#deleted.length > 0) this.settle()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#onWarning(`lines of the last second were in a deleted file and are lost: ${reason}`)
    }
    for (const file of this.#deleted) file.close()
    this.#deleted = []
    if (this.#fd !== CLOSED) closeSync(this.#fd)
    this.#fd = CLOSED
  }

  /** The stats of what the path leads to, if there is anything. */
  #statsOfPath(): Stats | undefined {
    try {
      return statSync(this.#path, { throwIfNoEntry: false })
    } catch (error) {
      // Node 20 throws where a file stands in place of the folder. Lines in a deleted file are lost with this process.
      if (isDeleted(this.#fd)) return undefined
      throw error
    }
  }

  #take(fd: number, { dev, ino, size }: Stats, isTorn: boolean): void {
    this.#fd = fd
    this.#dev = dev
    this.#ino = ino
    this.#isTorn = isTorn
    this.#size = size
    this.#seenSize = size
  }

  #noteSize(size: number): void {
    this.#size = size
    this.#seenSize = size
  }

  /** Closes the file, unless it was deleted and its last lines have to be copied to the next one. */
  #release(): void {
    if (this.#fd === CLOSED) return
    const fd = this.#fd
    this.#fd = CLOSED
    this.#tornPlace = { dev: this.#dev, ino: this.#ino, size: this.#size }
    if (this.#size > this.#seenSize && isDeleted(fd)) {
      this.#deleted.push(new DeletedFile(fd, this.#seenSize))
    } else {
      closeSync(fd)
    }
  }

  #beginNewLine(): void {
    if (this.#isTorn) this.#size += writeSync(this.#fd, '\n')
    this.#isTorn = false
  }

  #copyDeletedFiles(): void {
    for (let file = this.#deleted[0]; file !== undefined; file = this.#deleted[0]) {
      file.copyTo(this.#fd, (bytes) => {
        this.#size += bytes
      })
      this.#isTorn = file.isTorn
      this.#deleted.shift()
      file.close()
    }
  }

  #isFull(bytes: number): boolean {
    return this.#backupCount > 0 && this.#size > 0 && this.#size + bytes > this.#rotateAt
  }

  #makeRoom(bytes: number): unknown {
    try {
      // Another program may have rotated or emptied the file already.
      this.follow()
      if (this.#isFull(bytes)) this.#rotate()
      this.#rotateAt = this.#maxBytes
      return undefined
    } catch (error) {
      // The file grows beyond its limit, so that no line is lost. Rotation is tried again after another tenth of the limit.
      this.#rotateAt = this.#size + bytes + this.#maxBytes / 10
      return error
    }
  }

  #rotate(): void {
    this.#release()
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
