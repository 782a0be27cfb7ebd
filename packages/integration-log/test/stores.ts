import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A database of one test. */
export interface TestStore {
  readonly url: string
  readonly remove: () => Promise<void>
}

/** The databases that a test runs on. */
export interface Engine {
  readonly name: string
  /** Whether two apps can share one. */
  readonly isShared: boolean
  readonly open: () => Promise<TestStore>
}

export const memory: Engine = {
  name: 'memory',
  isShared: false,
  open: async () => ({ url: 'memory:', remove: async () => undefined }),
}

export const sqlite: Engine = {
  name: 'SQLite',
  isShared: true,
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'integration-log-'))
    const remove = async (): Promise<void> => rmSync(folder, { recursive: true })
    return { url: `sqlite:${join(folder, 'scs.db')}`, remove }
  },
}
