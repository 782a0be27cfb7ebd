import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import scsPlugin from '@fastify-scs/core'
import store from '@fastify-scs/store'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import Fastify from 'fastify'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../src/index.js'
import { pathOf } from '../src/options.js'
import { numbered } from './build-app.js'
import { connect, newPath, upTo } from './processes.js'
import { canMount, mountSmallDisk } from './small-disk.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

async function failureOf(path: string): Promise<{ code: string; message: string }> {
  const store = new CheckedAdapter(new SqliteStore({ path, busyTimeoutMs: 50 }))
  try {
    await store.open()
  } catch (error) {
    return error as { code: string; message: string }
  } finally {
    await store.close()
  }
  throw new Error('it opened')
}

describe('opening', () => {
  it('the plugin takes this adapter for a sqlite: URL', async () => {
    const path = newPath()
    const app = Fastify()
    await app.register(scsPlugin, { source: 'test', audit: false })
    await app.register(store, { url: `sqlite:${path}`, adapterOptions: { busyTimeoutMs: 1_000 } })
    for (const record of numbered(10)) app.scsStore.write(record)
    expect(await app.scsStore.flush()).toBe(true)
    const { engine, stored } = await app.scsStore.stats()
    expect([engine, stored?.records.integration_requests]).toEqual(['sqlite', 10])
    await app.close()
    const wrong = Fastify()
    await wrong.register(scsPlugin, { source: 'test', audit: false })
    const attempt = wrong.register(store, { url: `sqlite:${path}`, adapterOptions: { bussy: 1 } })
    await expect(attempt).rejects.toMatchObject({ code: 'SCS_STORE_ERR_OPTIONS' })
  })

  it('reads the path from every form of the URL, and refuses what names no file', () => {
    expect(pathOf('sqlite:./scs.db')).toBe('./scs.db')
    expect(pathOf('sqlite:scs.db')).toBe('scs.db')
    expect(pathOf('sqlite:/var/lib/scs.db')).toBe('/var/lib/scs.db')
    expect(pathOf('sqlite:///var/lib/scs.db')).toBe('/var/lib/scs.db')
    for (const url of [
      'sqlite:',
      'sqlite://',
      'sqlite://host/scs.db',
      'sqlite::memory:',
      'sqlite:a?b',
    ]) {
      expect(() => pathOf(url), url).toThrow(expect.objectContaining({ code: 'SCS_STORE_ERR_URL' }))
    }
  })

  it('the file, its log and its index are accessible to the owner only, also when the file existed', async () => {
    const before = process.umask(0)
    onTestFinished(() => void process.umask(before))
    const path = newPath()
    writeFileSync(path, '', { mode: 0o666 })
    const store = new CheckedAdapter(new SqliteStore({ path }))
    await store.open()
    onTestFinished(() => store.close())
    await store.insert(numbered(1))
    for (const suffix of ['', '-wal', '-shm']) {
      expect(statSync(`${path}${suffix}`).mode & 0o777, suffix).toBe(0o600)
    }
  })

  it("an existing file that others could read is narrowed and logged; a link to somebody else's file is refused", async () => {
    const path = newPath()
    writeFileSync(path, '', { mode: 0o600 })
    chmodSync(path, 0o640)
    const told: string[] = []
    const tell = (_: object, message: string) => void told.push(message)
    const log = { info: tell, warn: tell, error: tell }
    const store = new CheckedAdapter(new SqliteStore({ path }), { log })
    await store.open()
    await store.close()
    expect(told).toEqual([expect.stringContaining('0640')])
    expect(statSync(path).mode & 0o777).toBe(0o600)

    const own = newPath()
    symlinkSync(path, own)
    const linked = new CheckedAdapter(new SqliteStore({ path: own }))
    await linked.open()
    await linked.close()
    // Nothing, and a folder: neither is a file of ours.
    for (const target of ['/nowhere/scs.db', '/etc']) {
      const link = newPath()
      symlinkSync(target, link)
      expect((await failureOf(link)).code).toBe('SCS_ERR_SYMBOLIC_LINK')
    }
  })

  it('a missing folder, and a folder in place of the file, are coded errors', async () => {
    const path = newPath()
    expect(await failureOf(join(path, 'nowhere', 'scs.db'))).toMatchObject({
      code: 'SCS_STORE_ERR_URL',
      message: expect.stringContaining('create it'),
    })
    mkdirSync(path)
    expect((await failureOf(path)).code).toBe('SCS_STORE_ERR_URL')
  })

  it.skipIf(process.platform !== 'linux')(
    'a place where it may not write is a coded error',
    async () => {
      expect((await failureOf('/sys/scs.db')).code).toBe('SCS_STORE_ERR_PERMISSION')
    },
  )

  it("a file that is not a database, or is another application's, is a coded error and stays as it is", async () => {
    const text = newPath()
    writeFileSync(
      text,
      'not a database, but a text that is long enough to look like one'.repeat(100),
    )
    const before = statSync(text).size
    expect((await failureOf(text)).code).toBe('SCS_STORE_ERR_NOT_A_STORE')
    expect(statSync(text).size).toBe(before)

    const other = newPath()
    connect(other).exec('CREATE TABLE customers (name TEXT)')
    expect(await failureOf(other)).toMatchObject({
      code: 'SCS_STORE_ERR_NOT_A_STORE',
      message: expect.stringContaining('something else'),
    })
    const tables = connect(other).prepare('SELECT name FROM sqlite_master').all()
    expect(tables.map((row) => (row as { name: string }).name)).toEqual(['customers'])
  })

  it('a schema that is newer than the code is a coded error that names both versions', async () => {
    const path = newPath()
    const store = new CheckedAdapter(new SqliteStore({ path }))
    await store.open()
    await store.close()
    connect(path).exec('PRAGMA user_version = 99')
    expect(await failureOf(path)).toMatchObject({
      code: 'SCS_STORE_ERR_SCHEMA_TOO_NEW',
      message: expect.stringMatching(/99.* 4$/),
    })
  })

  it.skipIf(!canMount())(
    'a disk that is full is told as that, whatever fails after it',
    async () => {
      for (const size of ['4k', '16k', '64k']) {
        const failure = await failureOf(join(mountSmallDisk(size), 'scs.db'))
        expect(failure, size).toMatchObject({ code: 'SCS_STORE_ERR_UNAVAILABLE' })
        expect(failure.message, size).toMatch(/full|ENOSPC|disk I\/O/)
      }
    },
  )

  it('ten stores that start at once on a missing file all open', async () => {
    const path = newPath()
    const stores = upTo(10).map(() => new CheckedAdapter(new SqliteStore({ path })))
    await Promise.all(stores.map((store) => store.open()))
    await Promise.all(stores.map((store) => store.insert(numbered(10))))
    expect((await stores[0]?.size())?.records.integration_requests).toBe(100)
    await Promise.all(stores.map((store) => store.close()))
  })

  it('a store that is closed refuses calls, and can be opened again', async () => {
    const store = new CheckedAdapter(
      new SqliteStore({ path: join(dirname(newPath()), 'again.db') }),
    )
    await expect(store.insert(numbered(1))).rejects.toMatchObject({
      code: 'SCS_STORE_ERR_UNAVAILABLE',
    })
    await store.open()
    await store.insert(numbered(1))
    await store.close()
    await expect(store.size()).rejects.toMatchObject({ code: 'SCS_STORE_ERR_UNAVAILABLE' })
    await store.open()
    expect((await store.size()).records.integration_requests).toBe(1)
    await store.close()
  })
})
