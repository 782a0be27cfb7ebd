import { createRecordId } from '@fastify-scs/core/kit'
import type { StoreRecord } from '@fastify-scs/store'
import { CheckedAdapter, sample, samples } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../../src/index.js'
import { newPath, start, upTo } from '../processes.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

async function open(path: string, maxBytes: number | false = false): Promise<CheckedAdapter> {
  const store = new CheckedAdapter(new SqliteStore({ path, busyTimeoutMs: 50 }), { maxBytes })
  await store.open()
  onTestFinished(() => store.close())
  return store
}

function keyed(key: string, given: Partial<StoreRecord> = {}): StoreRecord {
  return sample({ keys: { service: 'mpesa', key }, ...given })
}

describe('versions (compareAndSet)', () => {
  it('wait for another process’s lock, and fail as unavailable when it lasts', async () => {
    const path = newPath()
    const store = await open(path)
    const locker = start('locker', path)
    await locker.untilSaid('locked')
    const version = { record: sample(), expected: undefined }
    await expect(store.compareAndSet([version])).rejects.toMatchObject({
      code: 'SCS_STORE_ERR_UNAVAILABLE',
    })
    locker.child.stdin?.write('\n')
    await locker.untilSaid('released')
    expect(await store.compareAndSet([version])).toEqual([])
  })

  it('keep their order with inserts before and after them', async () => {
    const store = await open(newPath())
    const batch = samples(200, () => ({}))
    const record = batch[199] ?? sample()
    const first = store.insert(batch)
    const next = { ...record, revision: 1, stamps: { 'data.a': 1 } }
    const set = store.compareAndSet([{ record: next, expected: 0 }])
    await store.insert([{ ...record, revision: 2 }])
    await first
    expect(await set).toEqual([])
    expect((await store.get(record.kind, record.id))?.revision).toBe(2)
  })

  it('make room in a full file as inserts do, and the number removed is reported', async () => {
    const path = newPath()
    const maxBytes = 1_500_000
    let removed = 0
    const onRemoved = (records: number) => {
      removed += records
    }
    const store = new CheckedAdapter(new SqliteStore({ path }), { maxBytes, onRemoved })
    await store.open()
    onTestFinished(() => store.close())
    for (const round of upTo(20)) {
      const records = samples(100, (index) => ({
        createdAt: Date.now() + round,
        keys: { service: 'a', key: `${round}-${index}` },
        data: { body: 'x'.repeat(1_500) },
      }))
      const versions = records.map((record) => ({ record, expected: undefined }))
      expect(await store.compareAndSet(versions)).toEqual([])
      // A transaction adds before it removes.
      expect((await store.size()).bytes).toBeLessThan(maxBytes * 1.25)
    }
    const { records } = await store.size()
    expect(removed).toBe(2_000 - records.integration_requests)
    expect(removed).toBeGreaterThan(500)
  })

  it('with a record that cannot be copied to the worker are refused', async () => {
    const store = await open(newPath())
    const bad = sample({ data: { call: () => undefined } as never })
    const versions = [sample(), bad].map((record) => ({ record, expected: undefined }))
    await expect(store.compareAndSet(versions)).rejects.toMatchObject({
      code: 'SCS_STORE_ERR_RECORD_REFUSED',
    })
    expect((await store.size()).records.integration_requests).toBe(0)
  })
})

describe('a synchronous insert while the process ends', () => {
  it('stores stamps and keys of new records', async () => {
    const store = await open(newPath())
    const record = keyed('k', { stamps: { 'data.a': 1 }, data: { a: 1 } })
    expect(store.insertSync([[record, sample()]], 10_000)).toBe(true)
    expect(await store.get(record.kind, record.id)).toMatchObject({
      keys: { service: 'mpesa', key: 'k' },
      stamps: { 'data.a': 1 },
    })
  })

  it('merges with what is stored, and changes nothing when repeated', async () => {
    const store = await open(newPath())
    const there = sample({ revision: 5, data: { a: 1, b: 0 }, stamps: { 'data.a': 9 } })
    await store.compareAndSet([{ record: there, expected: undefined }])
    const late = { ...there, revision: 1, data: { a: 0, b: 2 }, stamps: { 'data.b': 8 } }
    for (const _ of upTo(2)) expect(store.insertSync([[late]], 10_000)).toBe(true)
    expect(await store.get(there.kind, there.id)).toMatchObject({
      revision: 6,
      data: { a: 1, b: 2 },
      stamps: { 'data.a': 9, 'data.b': 8 },
    })
  })

  it('fails alone as a batch where another record has a key', async () => {
    const store = await open(newPath())
    await store.compareAndSet([{ record: keyed('k'), expected: undefined }])
    const [beside, other] = [sample(), sample()]
    const insertion = store.insert([other])
    expect(store.insertSync([[beside, keyed('k')]], 10_000)).toBe(false)
    await insertion
    expect(await store.get(beside.kind, beside.id)).toBeUndefined()
    expect(await store.get(other.kind, other.id)).toBeDefined()
    expect((await store.find('integration_requests', { key: 'k' })).items).toHaveLength(1)
    const id = createRecordId()
    expect(store.insertSync([[keyed('other', { id })]], 10_000)).toBe(true)
  })
})
