import { type BigIntStats, rmSync, statSync } from 'node:fs'

/** SQLite's log and its index stand beside the file, and belong to it. */
export const COMPANIONS = ['-wal', '-shm'] as const

/** Which file is at a path: one that was deleted, or replaced, can be written and read on, and nobody finds it again. */
export class FilePlace {
  readonly #path: string
  readonly #file: BigIntStats | undefined
  readonly #companions = new Map<string, BigIntStats>()

  /** Once the file is open. */
  constructor(path: string) {
    this.#path = path
    this.#file = look(path)
  }

  /** Whether there is a file at all. */
  isThere(): boolean {
    return look(this.#path) !== undefined
  }

  /** Names the file that was opened. */
  get inode(): bigint | undefined {
    return this.#file?.ino
  }

  /** Whether the file is the one that was opened. */
  isSame(): boolean {
    return isOne(look(this.#path), this.#file)
  }

  /** Whether its log is too; the first time that there is one, that is it. */
  isWholeSame(): boolean {
    if (!this.isSame()) return false
    for (const suffix of COMPANIONS) {
      const found = look(`${this.#path}${suffix}`)
      const known = this.#companions.get(suffix)
      if (known === undefined && found !== undefined) this.#companions.set(suffix, found)
      else if (known !== undefined && !isOne(found, known)) return false
    }
    return true
  }

  /** Removes what belongs to the file that is gone, which SQLite would take for part of the next one. */
  removeCompanions(): void {
    for (const [suffix, known] of this.#companions) {
      const path = `${this.#path}${suffix}`
      if (isOne(look(path), known)) rmSync(path, { force: true })
    }
  }
}

function look(path: string): BigIntStats | undefined {
  return statSync(path, { throwIfNoEntry: false, bigint: true })
}

function isOne(found: BigIntStats | undefined, known: BigIntStats | undefined): boolean {
  return found !== undefined && found.ino === known?.ino && found.dev === known.dev
}
