import { mkdirSync, renameSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { narrowedText, narrowToOwner, refuseForeignLink } from '@fastify-scs/core/kit'
import { orphansIn, removeDeadLocks } from './outbox-orphans.js'
import { OutboxOwner, type OwnerParts } from './outbox-owner.js'
import { OutboxSegment } from './outbox-segment.js'
import type { StoreLog } from './port.js'

/** What an outbox tells. */
export type OutboxLog = Pick<StoreLog, 'error' | 'warn'>

/** The folder of an outbox, which only its user reads, and the files of one owner in it. */
export class OutboxFolder {
  readonly #path: string
  readonly #owner: OutboxOwner
  readonly #log: OutboxLog | undefined

  constructor(path: string, log: OutboxLog | undefined, owner: OwnerParts) {
    this.#path = path
    this.#log = log
    this.#owner = new OutboxOwner(path, owner)
  }

  /** Begins a file, and the folder with it when it is not there. @throws what the file system says */
  begin(): OutboxSegment {
    this.#makeLocked()
    return new OutboxSegment(this.#owner.nextPath())
  }

  /** Begins a file that anybody may take over from the beginning, and the folder with it. @throws what the file system says */
  beginFree(): OutboxSegment {
    this.#make()
    return new OutboxSegment(this.#owner.nextFreePath())
  }

  /** Names of the files whose owner is gone, oldest first. @throws what the file system says */
  orphans(): Promise<string[]> {
    this.#own()
    return orphansIn(this.#path, this.#owner)
  }

  /** Takes a file over; undefined when another process was faster, or when there is nothing in it. @throws what the file system says */
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

  /** Leaves a file that is closed to whoever comes next. @throws what the file system says */
  giveUp(segment: OutboxSegment): void {
    isRenamed(segment.path, this.#owner.nextFreePath())
  }

  /** Shows other processes that there is an owner. @throws what the file system says */
  touch(): void {
    this.#owner.touch()
  }

  /** Says that the owner has no files any more. */
  unlock(): void {
    this.#owner.unlock()
  }

  /** Removes what locks of dead processes left behind. @throws what the file system says */
  async tidy(): Promise<void> {
    await removeDeadLocks(this.#path, this.#owner)
  }

  /** Ends the ownership, and removes the folder if nobody uses it. */
  close(): void {
    this.#owner.unlock()
    try {
      rmdirSync(this.#path)
    } catch {
      // Not there, or not empty: it stays.
    }
  }

  #makeLocked(): void {
    this.#make()
    this.#owner.lock()
  }

  #make(): void {
    // A link that leads nowhere is no folder that is missing.
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
