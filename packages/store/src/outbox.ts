import { mkdirSync, readdirSync, renameSync, rmdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { toJsonValue } from '@fastify-scs/core'
import { OutboxOwner } from './outbox-owner.js'
import { OutboxSegment } from './outbox-segment.js'
import type { StoreRecord } from './record.js'

const SEGMENT_BYTES = 4_194_304

/** Records that were read back, and the file that holds them until they are stored. */
export interface OutboxBatch {
  readonly records: readonly StoreRecord[]
  readonly segment: OutboxSegment
}

/**
 * A folder of files with records that are not stored yet, in the order in which they were written. Each process writes
 * files of its own; those of a process that is gone are taken over by the next one that starts.
 */
export class Outbox {
  readonly #folder: string
  readonly #maxBytes: number
  readonly #owner = new OutboxOwner()
  /** Oldest first; the last one is written to. */
  readonly #segments: OutboxSegment[] = []
  #writing: OutboxSegment | undefined
  #torn = 0
  /** Of all segments: counted as they change, because each write asks. */
  #bytes = 0
  #unreadSegments = 0

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder
    this.#maxBytes = maxBytes
  }

  /** Whether there are records that only a file holds. */
  get hasUnread(): boolean {
    return this.#unreadSegments > 0
  }

  /** What the files take, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Lines that could not be read: what a process left when it died while writing. */
  get torn(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.torn, this.#torn)
  }

  /** Takes over the files of processes that are gone. @throws what the file system says */
  adopt(): void {
    for (const name of orphansIn(this.#folder, this.#owner)) {
      const path = join(this.#folder, this.#owner.nextName())
      try {
        renameSync(join(this.#folder, name), path)
      } catch (error) {
        // Another process was faster.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
        throw error
      }
      const segment = new OutboxSegment(path)
      if (segment.hasUnread) this.#add(segment)
      else segment.remove()
    }
  }

  /**
   * Writes records at the end, before it returns; undefined when the folder has no room for them. With `inMemory` they
   * are not read again: the caller keeps them, and settles them with the segment that is returned.
   *
   * @throws what the file system says
   */
  append(records: readonly StoreRecord[], inMemory: boolean): OutboxSegment | undefined {
    const lines = records.map(lineOf).join('')
    // Three bytes a character at most: an exact count would cost as much as the write.
    if (this.bytes + lines.length > this.#maxBytes) return undefined
    if (this.#writing !== undefined && this.#writing.bytes >= SEGMENT_BYTES) this.#seal()
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

  /** Removes what is done, the file that is written to included. */
  tidy(): void {
    if (this.#writing?.isDone) this.#seal()
  }

  /** Shows other processes that these files have an owner. @throws what the file system says */
  touch(): void {
    const now = new Date()
    for (const { path } of this.#segments) utimesSync(path, now, now)
  }

  /** Closes the files; those with records that are not stored stay for the next start. */
  close(): void {
    this.tidy()
    for (const segment of this.#segments) segment.close()
    try {
      rmdirSync(this.#folder)
    } catch {
      // Not there, or not empty: it stays.
    }
  }

  #begin(): OutboxSegment {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const segment = new OutboxSegment(join(this.#folder, this.#owner.nextName()))
    this.#add(segment)
    return segment
  }

  #add(segment: OutboxSegment): void {
    this.#segments.push(segment)
    this.#bytes += segment.bytes
    if (segment.hasUnread) this.#unreadSegments++
  }

  /** Does what changes a segment, whether it fails or not, and counts the change. */
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
  }
}

/** Files whose owner is gone, oldest first. */
function orphansIn(folder: string, owner: OutboxOwner): string[] {
  const found: { name: string; modifiedMs: number }[] = []
  for (const name of namesIn(folder)) {
    const modifiedMs = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs
    if (modifiedMs !== undefined && owner.isOrphan(name, modifiedMs))
      found.push({ name, modifiedMs })
  }
  found.sort((one, other) => one.modifiedMs - other.modifiedMs || (one.name < other.name ? -1 : 1))
  return found.map(({ name }) => name)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function lineOf(record: StoreRecord): string {
  return `${jsonOf(record)}\n`
}

function jsonOf(record: StoreRecord): string {
  try {
    return JSON.stringify(record)
  } catch {
    // A bigint or a circle: what can be kept of it, for the database to judge.
    return JSON.stringify(toJsonValue(record))
  }
}
