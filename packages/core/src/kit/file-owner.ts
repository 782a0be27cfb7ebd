import { randomBytes } from 'node:crypto'
import { existsSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { type FileLocks, socketLocks } from './file-lock.js'
import {
  isRunning,
  isSameKernel,
  ownedName,
  type ProcessIdentity,
  parseOwnedName,
  thisProcess,
} from './process-identity.js'

/**
 * Where nothing else shows whether the owner of a file lives: a file that was not touched for this time is taken over, in
 * milliseconds.
 */
export const ABANDONED_MS = 300_000

const LOCK = '.lock'

/** What an owner is made of; tests replace it to play several machines in one process. */
export interface OwnerParts {
  readonly identity?: ProcessIdentity
  readonly locks?: FileLocks
}

/** Names and locks the files that a process has in a folder, so that other processes can tell whether their owner lives. */
export class FileOwner {
  readonly #folder: string
  readonly #identity: ProcessIdentity
  readonly #locks: FileLocks
  readonly #instance: string = randomBytes(6).toString('hex')
  #number = 0
  #letGo: (() => void) | undefined

  constructor(folder: string, { identity = thisProcess(), locks = socketLocks }: OwnerParts = {}) {
    this.#folder = folder
    this.#identity = identity
    this.#locks = locks
  }

  /** Shows from now on that the files have an owner that lives; the folder must exist. */
  lock(): void {
    // Somebody may have deleted the folder.
    if (!existsSync(this.#lockPath(this.#instance))) this.unlock()
    this.#letGo ??= this.#locks.hold(this.#lockPath(this.#instance))
  }

  /** Keeps the lock from looking old to programs that clean up, and makes it again if it is gone. @throws what the file system says */
  touch(): void {
    this.lock()
    const now = new Date()
    if (this.#letGo !== undefined) utimesSync(this.#lockPath(this.#instance), now, now)
  }

  /** To be called when there are no files any more. */
  unlock(): void {
    this.#letGo?.()
    this.#letGo = undefined
  }

  /** Makes a path that no other file has; later paths sort after earlier ones. */
  nextPath(): string {
    return join(this.#folder, ownedName(this.#identity, this.#instance, this.#number++))
  }

  /** Makes a path which says that the file may be taken over at once. */
  nextFreePath(): string {
    return join(this.#folder, ownedName(undefined, this.#instance, this.#number++))
  }

  /** Whether the file may be taken over: its owner has given it up, or is gone. */
  async isOrphan(name: string, modifiedMs: number): Promise<boolean> {
    const parsed = parseOwnedName(name)
    if (parsed === undefined) return isAbandoned(name, modifiedMs)
    const { owner, instance } = parsed
    if (instance === this.#instance) return false
    if (owner === undefined) return true
    // Locks and processes of another machine cannot be tested from here.
    if (!isSameKernel(owner, this.#identity)) return isSilent(modifiedMs)
    const state = await this.#locks.look(this.#lockPath(instance))
    if (state !== 'absent') return state === 'free'
    const isAlive = isRunning(owner, this.#identity)
    return isAlive === undefined ? isSilent(modifiedMs) : !isAlive
  }

  /** Whether this is a lock of this machine that nobody holds any more. */
  async isDeadLock(name: string): Promise<boolean> {
    // A lock of another machine would look as if nobody held it.
    const isOurs = name.startsWith(`${this.#identity.kernel}~`) && name.endsWith(LOCK)
    return isOurs && (await this.#locks.look(join(this.#folder, name))) === 'free'
  }

  /** Whether a lock belongs to the owner of a file. */
  isLockOf(lock: string, file: string): boolean {
    const instance = parseOwnedName(file)?.instance
    return instance !== undefined && lock.endsWith(`~${instance}${LOCK}`)
  }

  #lockPath(instance: string): string {
    return join(this.#folder, `${this.#identity.kernel}~${instance}${LOCK}`)
  }
}

function isSilent(modifiedMs: number): boolean {
  return Date.now() - modifiedMs > ABANDONED_MS
}

/** Whether this is a file of an earlier version of this package, whose names say less, and was not touched for long. */
function isAbandoned(name: string, modifiedMs: number): boolean {
  return /^.+~\d+~\d+~[0-9a-f]+~\d+\.ndjson$/.test(name) && isSilent(modifiedMs)
}
