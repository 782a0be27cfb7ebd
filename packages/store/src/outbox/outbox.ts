import type { OwnerParts, StoreRecord } from '@fastify-scs/core/kit'
import { OutboxFolder, type OutboxLog } from './folder.js'
import { lineOf } from './line.js'
import type { OutboxSegment } from './segment.js'

const SEGMENT_BYTES = 4_194_304
/** Between two checks whether the file that is written to is still in its place, in milliseconds. */
const LOOK_MS = 1_000

/** Files that are tried for a record that comes after `close`: one fails only if another process takes it over in that moment. */
const LATE_TRIES = 3

/** Records that were read back, and the file that keeps them until they are stored. */
export interface OutboxBatch {
  readonly records: readonly StoreRecord[]
  readonly segment: OutboxSegment
}

/**
 * A folder of files with records that are not stored yet, in the order in which they were written. Each process writes files
 * of its own; another process takes over the files of one that is gone.
 */
export class Outbox {
  readonly #folder: OutboxFolder
  readonly #maxBytes: number
  readonly #log: OutboxLog | undefined
  /** Oldest first; the last one is written to. */
  readonly #segments: OutboxSegment[] = []
  #writing: OutboxSegment | undefined
  /** The file for what comes after `close`. */
  #late: OutboxSegment | undefined
  #torn = 0
  /** Bytes of all files; kept up to date, because each write needs the sum. */
  #bytes = 0
  #unreadSegments = 0
  #lookedMs = Number.NEGATIVE_INFINITY
  #isClosed = false

  constructor(folder: string, maxBytes: number, log?: OutboxLog, owner: OwnerParts = {}) {
    this.#folder = new OutboxFolder(folder, log, owner)
    this.#maxBytes = maxBytes
    this.#log = log
  }

  /** Whether there are records that are only in a file. */
  get hasUnread(): boolean {
    return this.#unreadSegments > 0
  }

  /** How many of these this process has written; those of files that were taken over are not counted. */
  get unreadRecords(): number {
    return this.#segments.reduce((sum, { unreadRecords }) => sum + unreadRecords, 0)
  }

  /** What the files take, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Lines that could not be read: a process died while it wrote them. */
  get torn(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.torn, this.#torn)
  }

  /** Takes over the files of processes that are gone; whether there were any. @throws what the file system says */
  async adopt(): Promise<boolean> {
    let adopted = 0
    for (const name of await this.#folder.orphans()) {
      const segment = this.#isClosed ? undefined : this.#folder.adopt(name)
      if (segment === undefined) continue
      this.#add(segment)
      adopted++
    }
    await this.#folder.tidy()
    return adopted > 0
  }

  /**
   * Writes records at the end, synchronously; undefined when the folder has no room for them. With `inMemory` they are not read
   * again: the caller keeps them, and settles them with the segment that is returned.
   *
   * @throws what the file system says
   */
  append(records: readonly StoreRecord[], inMemory: boolean): OutboxSegment | undefined {
    const lines = records.map(lineOf).join('')
    // Characters, which may take three bytes each: an exact count would cost as much as the write.
    if (this.bytes + lines.length > this.#maxBytes) return undefined
    if (this.#writing !== undefined && this.#writing.bytes >= SEGMENT_BYTES) this.#seal()
    this.#look()
    this.#writing ??= this.#begin()
    const writing = this.#writing
    this.#count(writing, () => writing.append(lines, records.length, inMemory))
    return writing
  }

  /** The next records to store, oldest first. @throws what the file system says */
  read(maxRecords: number): OutboxBatch | undefined {
    for (const segment of [...this.#segments]) {
      if (!segment.hasUnread) continue
      const records = this.#count(segment, () => segment.read(maxRecords))
      if (records.length > 0) return { records, segment }
      this.#removeIfDone(segment)
    }
    return undefined
  }

  /** Says that records of a segment are stored. */
  settle(segment: OutboxSegment, records: number): void {
    segment.settle(records)
    if (segment !== this.#writing) this.#removeIfDone(segment)
  }

  /** Removes the file that is written to, if all of its records are stored. */
  tidy(): void {
    if (this.#writing?.isDone) this.#seal()
  }

  /** Begins another file for what is written from now on, so that the one that was written to goes once its records are stored. */
  turn(): void {
    this.#seal()
  }

  /** Shows other processes that these files have an owner. @throws what the file system says */
  touch(): void {
    if (this.#segments.length > 0) this.#folder.touch()
    for (const segment of this.#segments) segment.touch()
  }

  /** Closes the files; those with records that are not stored stay, for the process that takes them over. */
  close(): void {
    this.#isClosed = true
    this.tidy()
    this.#writing = undefined
    try {
      for (const segment of [...this.#segments]) this.#giveUp(segment)
    } finally {
      this.#folder.close()
    }
  }

  /**
   * Writes a record after `close`, synchronously, into a file that any process may take over at any time. A record that is written
   * in that moment goes to a new file as well; it is stored once all the same, since an id is stored once.
   *
   * @returns whether it is kept; not when the folder has no room
   * @throws what the file system says
   */
  appendLate(record: StoreRecord): boolean {
    const line = lineOf(record)
    for (let tries = 0; tries < LATE_TRIES; tries++) {
      if (this.#bytes + (this.#late?.bytes ?? 0) + line.length > this.#maxBytes) return false
      const late = this.#late ?? this.#folder.beginFree()
      this.#late = late
      late.append(line, 1, false)
      if (late.isInPlace()) return true
      late.close()
      this.#late = undefined
      // Another process has what this outbox left there.
      this.#bytes = 0
    }
    return false
  }

  #begin(): OutboxSegment {
    const segment = this.#folder.begin()
    this.#add(segment)
    return segment
  }

  /**
   * A file that is no longer in its place was deleted, or another process has taken it over because this one was silent for long.
   * What is in it can still be read here, but new records have to go to another file.
   */
  #look(): void {
    const segment = this.#writing
    if (segment === undefined || performance.now() - this.#lookedMs < LOOK_MS) return
    this.#lookedMs = performance.now()
    if (segment.isInPlace()) return
    this.#log?.error(
      { path: segment.path },
      'a file of the outbox was deleted or moved while it was in use; another one is begun',
    )
    this.#seal()
  }

  /** Leaves a file to the process that takes it over. */
  #giveUp(segment: OutboxSegment): void {
    if (segment.hasUnread && !segment.isInPlace()) {
      // It was deleted; the records can only be read by its descriptor.
      const records = segment.read(Number.POSITIVE_INFINITY)
      this.append(records, false)
      if (this.#writing !== undefined) this.#giveUp(this.#writing)
      this.#writing = undefined
      segment.close()
      return
    }
    segment.close()
    this.#folder.giveUp(segment)
  }

  #add(segment: OutboxSegment): void {
    this.#segments.push(segment)
    this.#bytes += segment.bytes
    if (segment.hasUnread) this.#unreadSegments++
  }

  /** Changes a segment and counts the change, also when it fails halfway. */
  #count<Result>(segment: OutboxSegment, change: () => Result): Result {
    const before = { bytes: segment.bytes, hasUnread: segment.hasUnread }
    try {
      return change()
    } finally {
      this.#bytes += segment.bytes - before.bytes
      this.#unreadSegments += Number(segment.hasUnread) - Number(before.hasUnread)
    }
  }

  #seal(): void {
    const sealed = this.#writing
    this.#writing = undefined
    if (sealed !== undefined) this.#removeIfDone(sealed)
  }

  #removeIfDone(segment: OutboxSegment): void {
    if (!segment.isDone || segment === this.#writing) return
    const index = this.#segments.indexOf(segment)
    if (index === -1) return
    this.#segments.splice(index, 1)
    this.#torn += segment.torn
    this.#bytes -= segment.bytes
    segment.remove()
    if (this.#segments.length === 0) this.#folder.unlock()
  }
}
