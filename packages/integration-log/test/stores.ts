import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { PostgresDatabase } from '../../store-postgres/test/postgres-server.js'

/** The databases that tests of records run on. */
export const ENGINES = ['memory', 'SQLite', 'PostgreSQL'] as const

/** Starts the server that an engine needs before the tests, and stops it after them; makes the URL of a new, empty store. */
export function storesOn(engine: (typeof ENGINES)[number]): () => string {
  let server: PostgresDatabase | undefined
  let made = 0
  beforeAll(async () => {
    if (engine === 'PostgreSQL') server = await PostgresDatabase.create()
  }, 60_000)
  afterAll(() => server?.remove())
  return () => {
    if (engine === 'memory') return 'memory:'
    if (server !== undefined) return server.url({ schema: `log_${++made}` })
    const folder = mkdtempSync(join(tmpdir(), 'integration-log-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    return `sqlite:${join(folder, 'scs.db')}`
  }
}
