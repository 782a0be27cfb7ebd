import { closeSync, fstatSync, readSync, writeSync } from 'node:fs'

const CHUNK_BYTES = 65_536
const LINE_BREAK = 0x0a

/** Whether nobody can find an open file any more: it was deleted, or it is no longer known how to look. */
export function isDeleted(fd: number): boolean {
  try {
    return fstatSync(fd).nlink === 0
  } catch {
    return false
  }
}

/** The end of a file that was deleted while lines were written to it; it can be read for as long as it is open. */
export class DeletedFile {
  readonly #fd: number
  #position: number
  #isTorn = false
  readonly #chunk: Buffer = Buffer.allocUnsafe(CHUNK_BYTES)

  /** @param position where the bytes begin that were written since the file was last seen at its path */
  constructor(fd: number, position: number) {
    this.#fd = fd
    this.#position = position
  }

  /**
   * Copies what is left to another file. When that throws, a later call goes on where this one has stopped.
   *
   * @param onBytes told how many bytes were written, after each write
   */
  copyTo(fd: number, onBytes: (bytes: number) => void): void {
    for (;;) {
      const read = readSync(this.#fd, this.#chunk, 0, CHUNK_BYTES, this.#position)
      if (read === 0) return
      const written = writeSync(fd, this.#chunk, 0, read)
      this.#position += written
      this.#isTorn = this.#chunk[written - 1] !== LINE_BREAK
      onBytes(written)
    }
  }

  /** Whether what was copied ends within a line. */
  get isTorn(): boolean {
    return this.#isTorn
  }

  close(): void {
    closeSync(this.#fd)
  }
}
