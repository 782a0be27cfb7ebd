import { spawnSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecordFilter } from '@fastify-scs/store'
import { CheckedAdapter, NOON, sample } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../../src/index.js'
import { makeOldFile } from '../old-file.js'
import { connect, newPath, start, upTo } from '../processes.js'
import { canMount, mountSmallDisk } from '../small-disk.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

async function open(path: string): Promise<CheckedAdapter> {
  const store = new CheckedAdapter(new SqliteStore({ path }))
  await store.open()
  onTestFinished(() => store.close())
  return store
}

function versionOf(path: string): unknown {
  return connect(path).prepare('PRAGMA user_version').get()
}

function deep(levels: number): object {
  let value: object = {}
  for (let level = 0; level < levels; level++) value = { value }
  return value
}

describe('a file with the previous schema', () => {
  it('opens with all its rows, and finds them by fields that had no column then', async () => {
    const path = newPath()
    const records = makeOldFile(
      path,
      [
        { method: 'POST', url: 'https://a.example/v1/%_', isRemoteRequest: true },
        { method: 'get', url: 'https://a.example/V1', isRemoteRequest: false },
        { method: 7, url: null, isRemoteRequest: 'yes' },
        { nothing: 'of the kind' },
        // Deeper than SQLite reads JSON.
        { method: 'POST', deep: deep(1_200) },
      ],
      NOON,
    )
    const store = await open(path)
    for (const { id, createdAt, data } of records) {
      const { data: kept, ...rest } = (await store.get('integration_requests', id)) ?? { data: {} }
      const keys = { service: 'stripe', status: 'Completed', statusCode: 200, summary: 'POST /x' }
      expect(rest).toEqual({ id, kind: 'integration_requests', createdAt, revision: 1, keys })
      expect(JSON.stringify(kept)).toBe(JSON.stringify(data))
    }
    const found = async (filter: RecordFilter) => {
      const { items } = await store.find('integration_requests', filter)
      return items.map(({ id }) => records.findIndex((record) => record.id === id)).sort()
    }
    expect(await found({})).toEqual([0, 1, 2, 3, 4])
    expect(await found({ method: 'POST' })).toEqual([0])
    expect(await found({ method: 'GET' })).toEqual([1])
    expect(await found({ direction: 'out' })).toEqual([0])
    expect(await found({ direction: 'in' })).toEqual([1])
    expect(await found({ urlPrefix: 'https://a.example/v1/%' })).toEqual([0])
    expect(await found({ urlPrefix: '' })).toEqual([0, 1])
    expect(await found({ service: 'stripe', direction: 'in', method: 'get' })).toEqual([1])
  })

  it('allows its rows to be changed like new ones', async () => {
    const path = newPath()
    const [old] = makeOldFile(path, [{ method: 'POST' }], NOON)
    const store = await open(path)
    const record = sample({
      id: old?.id ?? '',
      revision: 2,
      keys: { service: 'stripe', key: 'k' },
      data: { method: 'PUT' },
      stamps: { 'data.method': 1 },
    })
    expect(await store.compareAndSet([{ record, expected: 1 }])).toEqual([])
    const { items } = await store.find('integration_requests', { method: 'PUT', key: 'k' })
    expect(items).toMatchObject([{ id: old?.id, revision: 2, stamps: { 'data.method': 1 } }])
    expect((await store.find('integration_requests', { method: 'POST' })).items).toEqual([])
  })

  it('stays as it was when a process dies during its migration', async () => {
    const path = newPath()
    const records = makeOldFile(path, [{ method: 'POST' }, { method: 'GET' }], NOON)
    const before = connect(path).prepare('SELECT name, sql FROM sqlite_master').all()
    const migrator = start('migrator', path)
    expect(await migrator.ended()).toBe('SIGKILL')
    expect(migrator.output()).toContain('all statements done')
    expect(versionOf(path)).toEqual({ user_version: 2 })
    expect(connect(path).prepare('SELECT name, sql FROM sqlite_master').all()).toEqual(before)
    const store = await open(path)
    expect((await store.size()).records.integration_requests).toBe(records.length)
    expect((await store.find('integration_requests', { method: 'GET' })).items).toHaveLength(1)
  })

  it.skipIf(!canMount())(
    'stays as it was on a disk that is full, and opens where there is room',
    async () => {
      const [made, folder] = [newPath(), mountSmallDisk('1m')]
      makeOldFile(
        made,
        upTo(90).map((number) => ({ number, body: 'x'.repeat(3_000) })),
        NOON,
      )
      const path = join(folder, 'scs.db')
      copyFileSync(made, path)
      const filler = join(folder, 'filler')
      spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k'])
      const store = new CheckedAdapter(new SqliteStore({ path, busyTimeoutMs: 50 }))
      await expect(store.open()).rejects.toMatchObject({ code: 'SCS_STORE_ERR_UNAVAILABLE' })
      await store.close()
      const moved = newPath()
      copyFileSync(path, moved)
      expect(versionOf(moved)).toEqual({ user_version: 2 })
      expect((await (await open(moved)).size()).records.integration_requests).toBe(90)
    },
  )

  it('can still be written by a process of the previous version that has it open', async () => {
    const path = newPath()
    makeOldFile(path, [{ method: 'POST' }], NOON)
    const old = connect(path)
    const insert = old.prepare(`INSERT INTO integration_requests (id, created_at, revision, data)
      VALUES (?, ?, 0, ?)`)
    const store = await open(path)
    insert.run('0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', NOON + 5_000, '{"method":"PATCH"}')
    const { items } = await store.find('integration_requests', { method: 'PATCH' })
    expect(items).toHaveLength(1)
    old.exec('DELETE FROM integration_requests')
    expect((await store.size()).records.integration_requests).toBe(0)
  })
})
