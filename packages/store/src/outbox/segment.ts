import { closeSync, fstatSync, futimesSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { openOwnedFile, type StoreRecord } from '@fastify-scs/core/kit'

const CHUNK_BYTES = 262_144
const LINE_END = 10

/**
 * One file of records, a JSON line each, written at its end and read from its beginning. It is removed when all of its records
 * are stored. Its calls are synchronous: they must work while a process ends.
 */
export class OutboxSegment {
  readonly path: string
  /** The file's mode before, if others had access to it. */
  readonly narrowedFrom: number | undefined
  #descriptor: number | undefined
  #size = 0
  /** Where the next record to read begins. */
  #readAt = 0
  /** Records that were read, or that the caller kept in memory, and that are not stored yet. */
  #outstanding = 0
  /** Records that this process has written and that are to be read. */
  #unread = 0
  /** Whether the last line is incomplete: the disk was full. */
  #isTorn = false
  /** Lines that are no records: a process died while it wrote them. */
  torn = 0

  /** @throws what the file system says */
  constructor(path: string) {
    this.path = path
    const { fd, stats, isTorn, narrowedFrom } = openOwnedFile(path)
    this.#descriptor = fd
    this.#size = stats.size
    this.#isTorn = isTorn
    this.narrowedFrom = narrowedFrom
  }

  get bytes(): number {
    return this.#size
  }

  get hasUnread(): boolean {
    return this.#readAt < this.#size
  }

  /** Records that this process has written and that are not read yet. */
  get unreadRecords(): number {
    return this.hasUnread ? this.#unread : 0
  }

  /** Whether everything in it has been read and stored. */
  get isDone(): boolean {
    return !this.hasUnread && this.#outstanding === 0
  }

  /**
   * Writes lines at the end. With `inMemory` they are not read again: the caller keeps these records, and settles them.
   *
   * @throws what the file system says; an incomplete line stays, and is skipped when the file is read
   */
  append(lines: string, records: number, inMemory: boolean): void {
    const wasRead = !this.hasUnread
    const bytes = Buffer.from(this.#isTorn ? `\n${lines}` : lines)
    let written = 0
    try {
      while (written < bytes.length) written += writeSync(this.#open(), bytes, written)
    } finally {
      this.#size += written
      if (written > 0) this.#isTorn = written < bytes.length
      if (inMemory && wasRead) this.#readAt = this.#size
    }
    if (inMemory) this.#outstanding += records
    else this.#unread += records
  }

  /** The next records. @throws what the file system says */
  read(maxRecords: number): StoreRecord[] {
    const records: StoreRecord[] = []
    while (records.length < maxRecords && this.hasUnread) {
      const chunk = this.#readLines()
      let start = 0
      for (let end = chunk.indexOf(LINE_END); end !== -1 && records.length < maxRecords; ) {
        const record = parse(chunk.toString('utf8', start, end))
        if (record === undefined) this.torn++
        else records.push(record)
        start = end + 1
        end = chunk.indexOf(LINE_END, start)
      }
      // Without any line end it is the incomplete last line of a process that died.
      this.#readAt += start === 0 ? chunk.length : start
      if (start === 0) this.torn++
    }
    this.#outstanding += records.length
    this.#unread = Math.max(0, this.#unread - records.length)
    return records
  }

  /** Says that a number of the records that were read or kept in memory are stored. */
  settle(records: number): void {
    this.#outstanding -= records
  }

  /** Whether the file is still in its place. @throws what the file system says */
  isInPlace(): boolean {
    const here = statSync(this.path, { throwIfNoEntry: false })
    const own = fstatSync(this.#open())
    return here !== undefined && here.ino === own.ino && here.dev === own.dev
  }

  /** Changes the time of the file to now. @throws what the file system says */
  touch(): void {
    const now = new Date()
    futimesSync(this.#open(), now, now)
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  /** Closes and deletes the file. */
  remove(): void {
    this.close()
    rmSync(this.path, { force: true })
  }

  #open(): number {
    this.#descriptor ??= openOwnedFile(this.path).fd
    return this.#descriptor
  }

  /** Reads on from where reading stopped: enough bytes for one line end at least, if there is one. */
  #readLines(): Buffer {
    const rest = this.#size - this.#readAt
    for (let bytes = Math.min(CHUNK_BYTES, rest); ; bytes = Math.min(bytes * 4, rest)) {
      const chunk = Buffer.allocUnsafe(bytes)
      const read = chunk.subarray(0, readSync(this.#open(), chunk, 0, bytes, this.#readAt))
      if (read.length < bytes) this.#size = this.#readAt + read.length
      if (bytes === rest || read.includes(LINE_END) || read.length < bytes) return read
    }
  }
}

function parse(line: string): StoreRecord | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as StoreRecord) : undefined
  } catch {
    // No JSON: an incomplete line, which is counted.
    return undefined
  }
}
