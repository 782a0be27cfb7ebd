import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import scsPlugin from '@fastify-scs/core'
import store, { type StoreOptions } from '@fastify-scs/store'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore, type SqliteStoreOptions } from '../../src/index.js'
import { numbered } from '../build-app.js'
import { connect, newPath, numbersOf, upTo } from '../processes.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const LONG = { timeout: 30_000 }

interface Line {
  readonly msg: string
  readonly keptAs?: string
  readonly err?: { readonly message: string; readonly code?: string }
}

/** An app with a store in a file, and what it logs. */
async function buildLogged(
  options: SqliteStoreOptions,
  storeOptions: StoreOptions = {},
): Promise<{ app: FastifyInstance; log: Line[] }> {
  const log: Line[] = []
  const stream = { write: (line: string) => void log.push(JSON.parse(line) as Line) }
  const app = Fastify({ logger: { level: 'info', stream } })
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { source: 'test', audit: false })
  const adapter = new SqliteStore(options)
  await app.register(store, { adapter, retryMs: 5, maxRetryMs: 20, ...storeOptions })
  return { app, log }
}

async function untilWritten(app: FastifyInstance, count: number): Promise<void> {
  await vi.waitFor(async () => expect((await app.scsStore.stats()).written).toBe(count), LONG)
}

describe('a file that is deleted or moved while in use', () => {
  it.each<[string, (path: string) => void]>([
    ['deleted', (path) => rmSync(path)],
    [
      'deleted with its log',
      (path) => {
        for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`)
      },
    ],
    ['moved away', (path) => renameSync(path, `${path}.moved`)],
    [
      'replaced by an empty one',
      (path) => {
        writeFileSync(`${path}.new`, '')
        renameSync(`${path}.new`, path)
      },
    ],
  ])(
    '%s: what is told as stored is in the file that is there, and it is said',
    async (_, remove) => {
      const path = newPath()
      const { app, log } = await buildLogged({ path })
      for (const record of numbered(300)) app.scsStore.write(record)
      expect(await app.scsStore.flush()).toBe(true)
      expect((await app.scsStore.find('integration_requests')).items).toHaveLength(50)
      remove(path)
      for (const record of numbered(700, 300)) app.scsStore.write(record)
      await untilWritten(app, 1_000)
      expect(log.map(({ err }) => err?.message).join()).toContain(
        'deleted or replaced while it was in use',
      )
      const { items } = await app.scsStore.find('integration_requests', { limit: 500 })
      expect(items[0]?.data.number).toBe(999)
      expect((await app.scsStore.stats()).stored?.records.integration_requests).toBe(700)
      await app.close()
      expect(await numbersOf(path)).toEqual(upTo(1_000).slice(300))
      expect(connect(path).prepare('PRAGMA integrity_check').get()).toEqual({
        integrity_check: 'ok',
      })
    },
  )

  it('loses nothing when only its write-ahead log is deleted', async () => {
    const path = newPath()
    const { app } = await buildLogged({ path })
    for (const record of numbered(300)) app.scsStore.write(record)
    expect(await app.scsStore.flush()).toBe(true)
    rmSync(`${path}-wal`)
    for (const record of numbered(700, 300)) app.scsStore.write(record)
    await untilWritten(app, 1_000)
    await app.close()
    expect(await numbersOf(path)).toEqual(upTo(1_000))
  })

  it('is replaced by one new file when two stores have it open', async () => {
    const path = newPath()
    const apps = [await buildLogged({ path }), await buildLogged({ path })]
    for (const { app } of apps) {
      for (const record of numbered(10)) app.scsStore.write(record)
      expect(await app.scsStore.flush()).toBe(true)
    }
    rmSync(path)
    for (const { app } of apps) for (const record of numbered(300, 10)) app.scsStore.write(record)
    for (const { app } of apps) await untilWritten(app, 310)
    for (const { app } of apps) await app.close()
    const expected = upTo(310)
      .slice(10)
      .flatMap((number) => [number, number])
    expect((await numbersOf(path)).sort((one, other) => one - other)).toEqual(expected)
  })
})

describe('a damaged file', () => {
  /** A file of this package whose beginning was overwritten. */
  async function damagedPath(): Promise<string> {
    const path = newPath()
    const before = new CheckedAdapter(new SqliteStore({ path }))
    await before.open()
    await before.insert(numbered(100))
    await before.close()
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(0xaa, 0, 4_096))
    return path
  }

  it.each(['fail', 'wait'] as const)('stops the start, with startup: %s', async (startup) => {
    const path = await damagedPath()
    const attempt = buildLogged({ path }, { startup })
    await expect(attempt).rejects.toMatchObject({ code: 'SCS_STORE_ERR_NOT_A_STORE' })
  })

  it("is renamed with onDamaged: 'keepAside', which is logged, and a new one is made", async () => {
    const path = await damagedPath()
    const before = readFileSync(path)
    const { app, log } = await buildLogged({ path, onDamaged: 'keepAside' })
    for (const record of numbered(10)) app.scsStore.write(record)
    expect(await app.scsStore.flush()).toBe(true)
    const line = log.find(({ msg }) => msg.includes('damaged'))
    expect(readFileSync(line?.keptAs ?? '').equals(before)).toBe(true)
    await app.close()
    expect(await numbersOf(path)).toEqual(upTo(10))
  })

  it('is renamed as well when the damage is noticed during a write; records since then are kept', async () => {
    const path = newPath()
    const { app, log } = await buildLogged({ path, onDamaged: 'keepAside' })
    for (const record of numbered(3_000)) app.scsStore.write(record)
    expect(await app.scsStore.flush()).toBe(true)
    await app.close()
    const bytes = readFileSync(path)
    // All pages but the first, which is what opening reads.
    writeFileSync(path, bytes.fill(0xaa, 40_960))
    const { app: next, log: nextLog } = await buildLogged({ path, onDamaged: 'keepAside' })
    for (const record of numbered(500)) next.scsStore.write(record)
    await untilWritten(next, 500)
    await next.close()
    expect([...log, ...nextLog].filter(({ msg }) => msg.includes('damaged'))).toHaveLength(1)
    expect(await numbersOf(path)).toEqual(upTo(500))
  })

  it('is not to be confused with another application’s database, which stays in place', async () => {
    const path = newPath()
    connect(path).exec('CREATE TABLE customers (name TEXT)')
    const attempt = buildLogged({ path, onDamaged: 'keepAside' })
    await expect(attempt).rejects.toMatchObject({ code: 'SCS_STORE_ERR_NOT_A_STORE' })
    expect(existsSync(path)).toBe(true)
  })

  it('is renamed once when several stores open it at the same time', async () => {
    const path = await damagedPath()
    const stores = upTo(4).map(
      () => new CheckedAdapter(new SqliteStore({ path, onDamaged: 'keepAside' })),
    )
    await Promise.all(stores.map((one) => one.open()))
    await Promise.all(stores.map((one) => one.insert(numbered(10))))
    const counts = await Promise.all(stores.map(async (one) => (await one.size()).records))
    expect(counts.map((count) => count.integration_requests)).toEqual([40, 40, 40, 40])
    await Promise.all(stores.map((one) => one.close()))
  })
})

describe('the module of the workers', () => {
  it('is a coded error when missing, which says where it was looked for and what to do', async () => {
    const missing = newPath()
    const attempt = buildLogged({ path: newPath(), workerUrl: missing }, { startup: 'wait' })
    await expect(attempt).rejects.toMatchObject({ code: 'SCS_STORE_ERR_WORKER_MISSING' })
    await expect(attempt).rejects.toThrow(missing)
  })

  it('can be given as a URL, as the text of one and as a path', async () => {
    const url = new URL('../../dist/worker.js', import.meta.url)
    for (const workerUrl of [url, url.href, url.pathname]) {
      const path = newPath()
      const { app } = await buildLogged({ path, workerUrl })
      for (const record of numbered(10)) app.scsStore.write(record)
      expect(await app.scsStore.flush()).toBe(true)
      expect((await app.scsStore.find('integration_requests')).items).toHaveLength(10)
      await app.close()
    }
    const attempt = buildLogged({ path: newPath(), workerUrl: '' })
    await expect(attempt).rejects.toMatchObject({ code: 'SCS_STORE_ERR_OPTIONS' })
  })
})
