import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../src/index.js'
import { numbered } from './build-app.js'
import { makeOldFile } from './old-file.js'
import { connect, newPath, start } from './processes.js'
import { canMount, mountSmallDisk } from './small-disk.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

async function filled(path = newPath()): Promise<string> {
  const store = new CheckedAdapter(new SqliteStore({ path }))
  await store.open()
  await store.insert(numbered(3))
  await store.close()
  return path
}

async function openToRead(path: string): Promise<CheckedAdapter> {
  const store = new CheckedAdapter(new SqliteStore({ path }), { readOnly: true })
  onTestFinished(() => store.close())
  await store.open()
  return store
}

const countOf = async (store: CheckedAdapter) => (await store.size()).records.integration_requests

describe('a store that only reads', () => {
  it('changes neither the file nor its mode', async () => {
    const path = await filled()
    chmodSync(path, 0o640)
    const before = readFileSync(path)
    const store = await openToRead(path)
    expect(await countOf(store)).toBe(3)
    await store.close()
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  it('reads what another process is writing', async () => {
    const path = newPath()
    const host = start('host', path, 'stream')
    await host.untilSaid('50 ')
    const store = await openToRead(path)
    await expect.poll(() => countOf(store)).toBeGreaterThan(0)
    const before = await countOf(store)
    await expect.poll(() => countOf(store)).toBeGreaterThan(before)
  })

  it('does not open what is not there, holds no store, or another schema, and leaves it as it is', async () => {
    const missing = newPath()
    await expect(openToRead(missing)).rejects.toMatchObject({
      code: 'SCS_STORE_ERR_URL',
      message: expect.stringContaining('no such file'),
    })
    expect(existsSync(missing)).toBe(false)
    const other = newPath()
    connect(other).exec('CREATE TABLE customers (name TEXT)')
    await expect(openToRead(other)).rejects.toMatchObject({ code: 'SCS_STORE_ERR_NOT_A_STORE' })
    const old = newPath()
    makeOldFile(old, [{ n: 1 }], 0)
    await expect(openToRead(old)).rejects.toMatchObject({
      code: 'SCS_STORE_ERR_NOT_A_STORE',
      message: expect.stringMatching(/version 2.*version 4/),
    })
    expect(connect(old).prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 })
    const newer = await filled()
    connect(newer).exec('PRAGMA user_version = 99')
    await expect(openToRead(newer)).rejects.toMatchObject({ code: 'SCS_STORE_ERR_SCHEMA_TOO_NEW' })
  })

  it.skipIf(!canMount())('says what is wrong with a folder that cannot be written', async () => {
    const folder = mountSmallDisk('8m')
    const path = join(folder, 'scs.db')
    copyFileSync(await filled(), path)
    expect(spawnSync('mount', ['-o', 'remount,ro', folder]).status).toBe(0)
    await expect(openToRead(path)).rejects.toMatchObject({
      code: 'SCS_STORE_ERR_PERMISSION',
      message: expect.stringContaining('copy the file'),
    })
    expect(existsSync(join(dirname(path), 'scs.db-shm'))).toBe(false)
  })

  it.skipIf(!canMount())(
    'reads there what a process that was killed has left in its log',
    async () => {
      const folder = mountSmallDisk('8m')
      const path = join(folder, 'scs.db')
      const host = start('host', path, 'stream')
      await host.untilSaid('50 ')
      const before = await openToRead(path)
      await expect.poll(() => countOf(before)).toBeGreaterThan(0)
      await before.close()
      host.child.kill('SIGKILL')
      await host.ended()
      expect(spawnSync('mount', ['-o', 'remount,ro', folder]).status).toBe(0)
      expect(await countOf(await openToRead(path))).toBeGreaterThan(0)
    },
  )
})
