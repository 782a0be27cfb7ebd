import { createRequire } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { ConsoleClient } from './console-client.js'
import { Instance, type Reported } from './instance.js'
import { onlyGroup, resolveGroup, storeOn } from './opened-store.js'
import { ENGINES, placesOn } from './stories/databases.js'

vi.setConfig({ testTimeout: 120_000 })

/** More than the second after which counts are sent. */
const SENT_MS = 1_500
const TITLE = 'FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET /:what: boom'

function regressionsOf(reported: readonly Reported[]): string[] {
  return reported.filter(({ is_regression }) => is_regression).map(({ title }) => title)
}

describe.each(ENGINES)('a storm in instances of two releases on %s', (engine) => {
  const newPlace = placesOn(engine)

  it('while somebody changes the group in the console: each occurrence is counted once, each resolve has one regression', async () => {
    const { url } = newPlace()
    const opened = await storeOn(url)
    const newer = await Instance.start({ url, release: '1.2.0', isConsole: true })
    const older = await Instance.start({ url, release: '1.1.0' })
    const page = await ConsoleClient.of(newer.address)
    await older.crash(1)
    const resolve = { status: 'resolved', resolvedIn: '1.1.0' }
    await page.change(resolve)
    const storms = [newer, older].map((instance) => instance.crash(5_000))
    for (const what of [{ status: 'muted', reason: 'known' }, { note: 'x' }, { status: 'open' }]) {
      await page.change(what)
      await pause(200)
    }
    const before = (await Promise.all(storms)).flat()
    await page.change(resolve)
    const after = (await Promise.all([newer.crash(50), older.crash(50)])).flat()
    await pause(SENT_MS)
    const late = [...(await newer.reports()), ...(await older.reports())]
    expect(await onlyGroup(opened)).toMatchObject({ occurrences: 10_101, status: 'regressed' })
    const all = [...before, ...after, ...late]
    expect(regressionsOf(all).slice(-1)).toEqual([`REGRESSION: ${TITLE}`])
    // The first resolve may have been muted before anybody met it.
    expect(regressionsOf([...after, ...late])).toHaveLength(1)
    expect(regressionsOf(before).length).toBeLessThanOrEqual(1)
    expect(await newer.close()).toEqual([])
    expect(await older.close()).toEqual([])
  })
})

describe('a SQLite file that another process has locked', () => {
  const newPlace = placesOn('SQLite')

  it('loses no count and no regression of instances that crash meanwhile, though nothing crashes afterwards', async () => {
    const { url } = newPlace()
    const opened = await storeOn(url)
    const reporter = { storeTimeoutMs: 200 }
    const newer = await Instance.start({ url, release: '1.2.0', reporter })
    const older = await Instance.start({ url, release: '1.1.0', reporter })
    await newer.crash(40)
    await older.crash(5)
    await pause(SENT_MS)
    await resolveGroup(opened, '1.1.0')
    const unlock = lock(url)
    // Few, so that a busy machine does not keep the file locked for longer than the store waits for it.
    const meanwhile = (await Promise.all([newer.crash(5), older.crash(5)])).flat()
    await pause(SENT_MS)
    expect(regressionsOf(meanwhile)).toEqual([])
    unlock()
    await vi.waitFor(
      async () => expect(regressionsOf(await newer.reports())).toEqual([`REGRESSION: ${TITLE}`]),
      { timeout: 20_000, interval: 500 },
    )
    expect(await onlyGroup(opened)).toMatchObject({ occurrences: 55, status: 'regressed' })
    expect((await newer.stats()).storeFailures).toBeGreaterThan(0)
    await newer.close()
    await older.close()
  })
})

/** Locks a file as a backup or another writer does; the function that is returned unlocks it. */
function lock(url: string): () => void {
  const require = createRequire(new URL('../../store-sqlite/package.json', import.meta.url))
  const Database = require('better-sqlite3') as new (
    path: string,
  ) => { exec(sql: string): void; close(): void }
  const database = new Database(url.slice('sqlite:'.length))
  database.exec('BEGIN IMMEDIATE')
  return () => {
    database.exec('COMMIT')
    database.close()
  }
}
