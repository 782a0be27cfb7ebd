import { closeSync, fstatSync, readSync, writeSync } from 'node:fs'

const CHUNK_BYTES = 65_536
const LINE_BREAK = 0x0a

/** Whether an open file was deleted, so that no path leads to it. False when that cannot be found out. */
export function isDeleted(fd: number): boolean {
  try {
    return fstatSync(fd).nlink === 0
  } catch {
    return false
  }
}

/** The last lines of a file that was deleted while it was open. They can be read until it is closed. */
export class DeletedFile {
  readonly #fd: number
  #position: number
  #isTorn = false
  readonly #chunk: Buffer = Buffer.allocUnsafe(CHUNK_BYTES)

  /** @param position Where the lines begin that were written after the file was last found at its path. */
  constructor(fd: number, position: number) {
    this.#fd = fd
    this.#position = position
  }

  /**
   * Copies the remaining bytes to another file. When that throws, a later call continues where this one stopped.
   *
   * @param onBytes Called after each write with the number of bytes written.
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

  /** Whether the copied bytes end within a line. */
  get isTorn(): boolean {
    return this.#isTorn
  }

  close(): void {
    closeSync(this.#fd)
  }
}
