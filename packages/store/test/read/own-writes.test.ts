import { join } from 'node:path'
import { createRecordId } from '@fastify-scs/core/kit'
import { describe, expect, it, vi } from 'vitest'
import { NOON, sample, samples } from '../../src/contract/index.js'
import type { MemoryStore, StoreRecord } from '../../src/index.js'
import { READ_WAIT_MS } from '../../src/read/reads.js'
import { buildStore, newFolder } from '../build-store.js'
import { GatedStore } from '../gated-store.js'

const FAST = { retryMs: 5, maxRetryMs: 20 }
const LATER = { flushMs: 60_000 }

const keyed = (key: string, given: Partial<StoreRecord> = {}) =>
  sample({ keys: { service: 'mpesa', key }, ...given })

describe('get sees what was written just before', () => {
  it('while it waits, by id and by key, without sending it', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...LATER })
    const record = keyed('ws_1', { data: { status: 'Queued' } })
    app.scsStore.write(record)
    for (const id of [record.id, { service: 'mpesa', key: 'ws_1' }]) {
      const found = await app.scsStore.get(record.kind, id)
      const { importance: _, ...expected } = record
      expect(found).toEqual(expected)
      // Its own copy: what waits must not change.
      ;(found?.data as Record<string, unknown>).status = 'changed by the reader'
    }
    expect((await app.scsStore.get(record.kind, record.id))?.data).toEqual({ status: 'Queued' })
    expect([adapter.batches, adapter.sets]).toEqual([0, 0])
    expect(await app.scsStore.get('reports', record.id)).toBeUndefined()
    expect(await app.scsStore.get(record.kind, createRecordId())).toBeUndefined()
    for (const key of [
      { service: 'mpesa', key: 'ws_2' },
      { service: 'paypal', key: 'ws_1' },
    ])
      expect(await app.scsStore.get(record.kind, key)).toBeUndefined()
  })

  it('merged with what is stored, and several versions with each other', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...LATER })
    const record = keyed('ws_1', { data: { status: 'Queued', note: null } })
    await adapter.setElsewhere(record)
    const theirs = { ...record, revision: 1, data: { status: 'x', note: 'theirs' } }
    await adapter.setElsewhere({ ...theirs, stamps: { 'data.status': 3, 'data.note': 3 } }, 0)
    for (const [n, status] of ['Authorized', 'Completed'].entries()) {
      const data = { status, note: null, [`n${n}`]: n }
      const stamps = { 'data.status': 10 + n, [`data.n${n}`]: 10 + n }
      app.scsStore.write({ ...record, revision: 1 + n, data, stamps })
    }
    for (const id of [record.id, { service: 'mpesa', key: 'ws_1' }]) {
      const found = await app.scsStore.get(record.kind, id)
      expect(found?.data).toEqual({ status: 'Completed', note: 'theirs', n0: 0, n1: 1 })
      expect(found?.keys).toEqual(record.keys)
    }
    const before = await app.scsStore.get(record.kind, record.id)
    await app.scsStore.flush()
    const after = await app.scsStore.get(record.kind, record.id)
    expect(after).toEqual({ ...before, revision: after?.revision })
    expect(after?.revision).toBeGreaterThanOrEqual(before?.revision ?? 0)
  })

  it('in a batch that is under way, and in one that waits for the database to come back', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...FAST, batchRecords: 1 })
    adapter.isStalled = true
    const [one, two] = samples(2, () => ({ keys: { service: 'a', key: 'k' } }))
    if (one === undefined || two === undefined) throw new Error('no samples')
    app.scsStore.write(one)
    await vi.waitFor(() => expect(adapter.sets).toBe(1))
    expect((await app.scsStore.get(one.kind, one.id))?.id).toBe(one.id)
    expect((await app.scsStore.get(one.kind, { service: 'a', key: 'k' }))?.id).toBe(one.id)
    adapter.isAvailable = false
    adapter.release()
    await vi.waitFor(async () => expect((await app.scsStore.stats()).isAvailable).toBe(false))
    expect((await app.scsStore.get(one.kind, one.id))?.id).toBe(one.id)
  })

  it('while the database is away, and otherwise says that it is', async () => {
    class AwayStore extends GatedStore {
      override async get(...call: Parameters<MemoryStore['get']>) {
        await this.check()
        return super.get(...call)
      }
      override async find(...call: Parameters<MemoryStore['find']>) {
        await this.check()
        return super.find(...call)
      }
      /** As an insert does, when the gate is shut. */
      async check(): Promise<void> {
        if (!this.isAvailable) await this.insert([])
      }
    }
    const adapter = new AwayStore()
    const { app } = await buildStore({ adapter, ...LATER })
    adapter.isAvailable = false
    const record = keyed('ws_1')
    app.scsStore.write(record)
    for (const id of [record.id, { service: 'mpesa', key: 'ws_1' }])
      expect((await app.scsStore.get(record.kind, id))?.id).toBe(record.id)
    for (const id of [createRecordId(), { service: 'mpesa', key: 'ws_2' }]) {
      const call = app.scsStore.get(record.kind, id)
      await expect(call).rejects.toMatchObject({ code: 'SCS_STORE_ERR_UNAVAILABLE' })
    }
  })

  it('when only the outbox has it, which is stored first', async () => {
    const adapter = new GatedStore()
    const outboxPath = join(newFolder(), 'outbox')
    const limits = { maxQueuedRecords: 10, batchRecords: 5 }
    const { app } = await buildStore({ adapter, outboxPath, ...limits, ...FAST })
    adapter.isAvailable = false
    app.scsStore.write(sample())
    await vi.waitFor(async () => expect((await app.scsStore.stats()).isAvailable).toBe(false))
    const records = samples(200, (index) => ({ keys: { service: 'a', key: `k${index}` } }))
    for (const record of records) app.scsStore.write(record)
    await vi.waitFor(async () => expect((await app.scsStore.stats()).spilled).toBeGreaterThan(180))
    adapter.isAvailable = true
    await vi.waitFor(async () => expect((await app.scsStore.stats()).isAvailable).toBe(true))
    const last = records.at(-1) ?? sample()
    expect((await app.scsStore.get(last.kind, last.id))?.id).toBe(last.id)
    const page = await app.scsStore.find(last.kind, { limit: 500 })
    expect(page.items).toHaveLength(201)
    expect(page.waiting).toBeUndefined()
  })

  it('a key belongs to the record that is stored with it, not to one that waits', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...LATER })
    const holder = keyed('ws_1')
    await adapter.setElsewhere(holder)
    app.scsStore.write(keyed('ws_1'))
    const found = await app.scsStore.get(holder.kind, { service: 'mpesa', key: 'ws_1' })
    expect(found?.id).toBe(holder.id)
  })

  it('a key that a waiting version gives its record is found, and one that it takes away is not', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...LATER })
    const record = keyed('old', { data: { a: 1 } })
    await adapter.setElsewhere(record)
    const keys = { service: 'mpesa', key: 'new' }
    app.scsStore.write({ ...record, revision: 1, keys, stamps: { 'keys.key': 5 } })
    expect((await app.scsStore.get(record.kind, keys))?.data).toEqual({ a: 1 })
    expect(await app.scsStore.get(record.kind, { ...keys, key: 'old' })).toBeUndefined()
  })

  it('and ignores what is no record, or is going to be refused', async () => {
    const { app } = await buildStore({ url: 'memory:', ...LATER })
    const id = createRecordId()
    for (const wrong of [
      { id },
      { kind: 'reports', id },
      { kind: 'reports', id, data: null, stamps: {} },
    ])
      app.scsStore.write(wrong as never)
    expect(await app.scsStore.get('reports', id)).toBeUndefined()
  })

  it('a key that is no text, or has no service, is refused', async () => {
    const { app } = await buildStore({ url: 'memory:' })
    for (const wrong of [{ key: 'x' }, { service: 'x' }, { service: 1, key: 'x' }, null, 7]) {
      const call = app.scsStore.get('reports', wrong as never)
      await expect(call).rejects.toMatchObject({ code: 'SCS_STORE_ERR_FILTER' })
    }
  })
})

describe('find stores what waits before it reads', () => {
  it('so that it finds what was written just before', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...LATER })
    const records = samples(5, () => ({ keys: { status: 'Queued' } }))
    for (const record of records) app.scsStore.write(record)
    const page = await app.scsStore.find('integration_requests', { status: 'Queued' })
    expect(page.items).toHaveLength(5)
    expect(Object.hasOwn(page, 'waiting')).toBe(false)
    expect(adapter.batches).toBe(1)
    await app.scsStore.find('integration_requests', { status: 'Queued' })
    expect(adapter.batches).toBe(1)
  })

  it('and says how many it could not store, at once when the database is known to be away', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...LATER })
    adapter.isAvailable = false
    for (const record of samples(7, () => ({}))) app.scsStore.write(record)
    for (let turn = 0; turn < 2; turn++) {
      const page = await app.scsStore.find('integration_requests')
      expect([page.items, page.waiting]).toEqual([[], 7])
    }
  })

  it('counts those in the outbox too', async () => {
    const adapter = new GatedStore()
    const outboxPath = join(newFolder(), 'outbox')
    const limits = { maxQueuedRecords: 40, batchRecords: 5, retryMs: 60_000, maxRetryMs: 60_000 }
    const { app } = await buildStore({ adapter, outboxPath, ...limits })
    adapter.isAvailable = false
    for (const record of samples(300, () => ({}))) {
      app.scsStore.write(record)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await app.scsStore.stats()).spilled).toBeGreaterThan(200)
    expect((await app.scsStore.find('integration_requests')).waiting).toBe(300)
  })

  it('waits for a slow database up to a limit, and not again while the same batch is under way', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...LATER })
    adapter.isStalled = true
    app.scsStore.write(sample())
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    try {
      const finding = app.scsStore.find('integration_requests', { from: NOON })
      await vi.advanceTimersByTimeAsync(READ_WAIT_MS)
      expect((await finding).waiting).toBe(1)
      app.scsStore.write(sample())
      expect((await app.scsStore.find('integration_requests')).waiting).toBe(2)
    } finally {
      vi.useRealTimers()
    }
    adapter.release()
    const page = await app.scsStore.find('integration_requests')
    expect([page.items.length, page.waiting]).toEqual([2, undefined])
  })
})

describe('what counts sees what was written just before', () => {
  it('by time, by a field, by route, and as the sample of a group', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, ...LATER })
    const { scsStore: store } = app
    const span = { from: NOON, to: NOON + 60_000 }
    const seen = { fingerprint: 'a', occurrences: 1, firstSeenAt: NOON, lastSeenAt: NOON }
    await store.countGroups([{ ...seen, canReport: true }], { growth: 2, quietMs: 1 })
    const minute = {
      ...{ instance: 'one', calls: 1, failed: 0, slow: 0, stuck: 0, aborted: 0 },
      ...{ sumMs: 1, minMs: 1, maxMs: 1, buckets: [0, 1] },
    }
    const reads: [StoreRecord, () => Promise<unknown>][] = [
      [
        sample({ keys: { service: 'a' } }),
        async () => (await store.buckets('integration_requests', { ...span, bucketMs: 60_000 }))[0],
      ],
      [
        sample({ keys: { service: 'b' } }),
        async () =>
          (await store.tally('integration_requests', { by: 'service', ...span })).items[1],
      ],
      [
        sample({ kind: 'route_stats', keys: { route: 'GET /a' }, data: minute }),
        async () => (await store.routeStats(span))[0],
      ],
      [
        sample({ kind: 'reports', keys: { fingerprint: 'a' } }),
        async () => (await store.groups()).items[0]?.sampleId ?? undefined,
      ],
    ]
    for (const [record, read] of reads) {
      store.write(record)
      expect(await read()).toBeDefined()
    }
  })
})
