import { mkdirSync, renameSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  FileOwner,
  narrowedText,
  narrowToOwner,
  type OwnerParts,
  orphansIn,
  refuseForeignLink,
  removeDeadLocks,
} from '@fastify-scs/core/kit'
import type { StoreLog } from '../port.js'
import { OutboxSegment } from './segment.js'

/** The part of the log that an outbox uses. */
export type OutboxLog = Pick<StoreLog, 'error' | 'warn'>

/** The folder of an outbox, which only its user reads, and the files of one owner in it. */
export class OutboxFolder {
  readonly #path: string
  readonly #owner: FileOwner
  readonly #log: OutboxLog | undefined

  constructor(path: string, log: OutboxLog | undefined, owner: OwnerParts) {
    this.#path = path
    this.#log = log
    this.#owner = new FileOwner(path, owner)
  }

  /** Begins a file, and makes the folder if it is missing. @throws what the file system says */
  begin(): OutboxSegment {
    this.#makeLocked()
    return new OutboxSegment(this.#owner.nextPath())
  }

  /** Begins a file that any process may take over at once, and makes the folder if it is missing. @throws what the file system says */
  beginFree(): OutboxSegment {
    this.#make()
    return new OutboxSegment(this.#owner.nextFreePath())
  }

  /** Names of the files whose owner is gone, oldest first. @throws what the file system says */
  orphans(): Promise<string[]> {
    this.#own()
    return orphansIn(this.#path, this.#owner)
  }

  /** Takes a file over; undefined when another process was faster, or when the file is empty. @throws what the file system says */
  adopt(name: string): OutboxSegment | undefined {
    this.#makeLocked()
    const path = this.#owner.nextPath()
    if (!isRenamed(join(this.#path, name), path)) return undefined
    const segment = new OutboxSegment(path)
    this.#tellNarrowed(path, segment.narrowedFrom)
    if (segment.hasUnread) return segment
    segment.remove()
    return undefined
  }

  /** Marks a closed file as one that any process may take over. @throws what the file system says */
  giveUp(segment: OutboxSegment): void {
    isRenamed(segment.path, this.#owner.nextFreePath())
  }

  /** Shows other processes that the owner lives. @throws what the file system says */
  touch(): void {
    this.#owner.touch()
  }

  /** Releases the lock: the owner has no files any more. */
  unlock(): void {
    this.#owner.unlock()
  }

  /** Removes the locks of dead processes. @throws what the file system says */
  async tidy(): Promise<void> {
    await removeDeadLocks(this.#path, this.#owner)
  }

  /** Ends the ownership, and removes the folder if nobody uses it. */
  close(): void {
    this.#owner.unlock()
    try {
      rmdirSync(this.#path)
    } catch {
      // Missing, or not empty.
    }
  }

  #makeLocked(): void {
    this.#make()
    this.#owner.lock()
  }

  #make(): void {
    // A link that leads nowhere is not a missing folder.
    refuseForeignLink(this.#path, 'folder')
    mkdirSync(this.#path, { recursive: true, mode: 0o700 })
    this.#own()
  }

  #own(): void {
    refuseForeignLink(this.#path, 'folder')
    this.#tellNarrowed(this.#path, narrowToOwner(this.#path))
  }

  #tellNarrowed(path: string, mode: number | undefined): void {
    if (mode !== undefined) this.#log?.warn({ path }, narrowedText(path, mode))
  }
}

/** Renames a file; false when it is not there. */
function isRenamed(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
