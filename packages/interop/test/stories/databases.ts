import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { storesOn } from '../../../integration-log/test/stores.js'

/** The engines that the stories of several processes are told on. */
export const ENGINES = ['SQLite', 'PostgreSQL'] as const

/** A database of a test's own. */
export interface Place {
  readonly url: string
  /** The working directory of the story's processes. */
  readonly folder: string
}

/** Starts the server that an engine needs before the tests, and stops it after them; makes a new, empty place for each test. */
export function placesOn(engine: (typeof ENGINES)[number]): () => Place {
  const newStore = storesOn(engine)
  return () => ({ url: newStore(), folder: newFolder() })
}

/** A folder that goes when the test ends. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'scs-story-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
