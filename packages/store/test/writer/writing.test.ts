import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { sample, samples } from '../../src/contract/index.js'
import type { StoreRecord } from '../../src/index.js'
import { Outbox } from '../../src/outbox/outbox.js'
import { buildStore, filesIn, newFolder } from '../build-store.js'
import { GatedStore } from '../gated-store.js'

const FAST = { retryMs: 5, maxRetryMs: 20 }

function ids(records: readonly StoreRecord[]): string[] {
  return records.map(({ id }) => id)
}

describe('batches', () => {
  it('a batch leaves when it is full, and the rest when it is time', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, flushMs: 20 })
    const records = samples(250, () => ({}))
    for (const record of records) app.scsStore.write(record)
    expect(adapter.batches).toBe(0)
    await vi.waitFor(() => expect(adapter.stored).toHaveLength(250))
    expect(adapter.stored).toEqual(ids(records))
    expect(adapter.batches).toBe(3)
  })

  it('flush stores what was written before it, at once', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, flushMs: 60_000 })
    const records = samples(5, () => ({}))
    for (const record of records) app.scsStore.write(record)
    expect(await app.scsStore.flush()).toBe(true)
    expect(adapter.stored).toEqual(ids(records))
    expect(await app.scsStore.flush()).toBe(true)
  })

  it('closing the app stores what waits; what is written later is counted as shed', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, flushMs: 60_000 })
    const record = sample()
    app.scsStore.write(record)
    await app.close()
    expect(adapter.stored).toEqual([record.id])
    app.scsStore.write(sample({ kind: 'reports' }))
    expect((await app.scsStore.stats()).shed.reports).toBe(1)
  })

  it('write takes anything without throwing: what is no record is a dead letter, or logged where it is not even an object', async () => {
    const adapter = new GatedStore()
    const { app, log } = await buildStore({ adapter })
    const wrong: unknown[] = [undefined, null, 7, {}, { kind: 'reports' }, { data: 1 }]
    for (const one of wrong) expect(() => app.scsStore.write(one as StoreRecord)).not.toThrow()
    const record = sample()
    app.scsStore.write(record)
    expect(await app.scsStore.flush()).toBe(true)
    expect(adapter.stored).toEqual([record.id])
    const { written, deadLettered } = await app.scsStore.stats()
    expect([written, deadLettered]).toEqual([1, 4])
    expect(log.filter(({ msg }) => msg.includes('is no record'))).toHaveLength(1)
  })
})

describe('a refused record', () => {
  it('is found by halving, kept as a dead letter with the reason, and its neighbours are stored', async () => {
    const adapter = new GatedStore()
    const records = samples(100, () => ({}))
    const bad = [records[17], records[18], records[99]].map((record) => record?.id ?? '')
    for (const id of bad) adapter.poison.add(id)
    const { app, log } = await buildStore({ adapter })
    for (const record of records) app.scsStore.write(record)
    expect(await app.scsStore.flush()).toBe(true)
    expect(adapter.stored).toEqual(ids(records).filter((id) => !bad.includes(id)))
    expect([...adapter.buried.keys()]).toEqual(bad)
    expect(adapter.buried.get(bad[0] ?? '')).toContain('poison')
    const { written, deadLettered } = await app.scsStore.stats()
    expect([written, deadLettered]).toEqual([97, 3])
    expect(log.filter(({ msg }) => msg.includes('dead letters'))).toHaveLength(3)
  })

  it('that cannot be copied to a thread is kept as a dead letter, as JSON data', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter })
    const record = sample({ data: { big: 1n, call: () => 1 } as unknown as StoreRecord['data'] })
    app.scsStore.write(record)
    expect(await app.scsStore.flush()).toBe(true)
    expect([...adapter.buried.keys()]).toEqual([record.id])
  })
})

describe('a database that is away', () => {
  it('gets all records once it is back, once each and in order', async () => {
    const adapter = new GatedStore()
    const { app, log } = await buildStore({ adapter, ...FAST })
    adapter.isAvailable = false
    const records = samples(1_000, () => ({}))
    for (const record of records) app.scsStore.write(record)
    await vi.waitFor(async () => expect((await app.scsStore.stats()).retried).toBeGreaterThan(0))
    expect(await app.scsStore.flush()).toBe(false)
    const { isAvailable, queue, stored } = await app.scsStore.stats()
    expect([isAvailable, queue.records, stored]).toEqual([false, 1_000, undefined])
    adapter.isAvailable = true
    await vi.waitFor(() => expect(adapter.stored).toHaveLength(1_000))
    expect(adapter.stored).toEqual(ids(records))
    expect(log.filter(({ msg }) => msg.includes('is not available'))).toHaveLength(1)
    expect(log.filter(({ msg }) => msg.includes('available again'))).toHaveLength(1)
  })

  it('leaves records in the outbox when memory does not do, and gets them in order when it is back', async () => {
    const adapter = new GatedStore()
    const outboxPath = join(newFolder(), 'outbox')
    const { app } = await buildStore({ adapter, outboxPath, maxQueuedRecords: 400, ...FAST })
    adapter.isAvailable = false
    const records = samples(5_000, () => ({}))
    for (const record of records.slice(0, 100)) app.scsStore.write(record)
    await vi.waitFor(async () => expect((await app.scsStore.stats()).isAvailable).toBe(false))
    for (const record of records.slice(100)) app.scsStore.write(record)
    await vi.waitFor(async () => expect((await app.scsStore.stats()).spilled).toBe(4_800))
    const { queue, outboxBytes, shed } = await app.scsStore.stats()
    expect(queue.records).toBe(200)
    expect(outboxBytes).toBeGreaterThan(100_000)
    expect(shed.integration_requests).toBe(0)
    adapter.isAvailable = true
    // What is written while the files are drained goes behind them.
    const later: StoreRecord[] = []
    while (adapter.stored.length < 5_000) {
      later.push(sample())
      app.scsStore.write(later.at(-1) ?? sample())
      await new Promise((resolve) => setImmediate(resolve))
    }
    await vi.waitFor(() => expect(adapter.stored).toHaveLength(5_000 + later.length))
    expect(adapter.stored).toEqual(ids([...records, ...later]))
    await vi.waitFor(() => expect(readdirSync(outboxPath)).toEqual([]))
    expect((await app.scsStore.stats()).outboxBytes).toBe(0)
  })

  it('at the end leaves everything in the outbox, and the next start stores it in order', async () => {
    const adapter = new GatedStore()
    const outboxPath = join(newFolder(), 'outbox')
    const { app } = await buildStore({ adapter, outboxPath, ...FAST })
    adapter.isAvailable = false
    const records = samples(300, () => ({}))
    for (const record of records) app.scsStore.write(record)
    await app.close()
    expect(adapter.stored).toEqual([])
    expect(filesIn(outboxPath)).toHaveLength(1)

    const next = new GatedStore()
    const { app: again } = await buildStore({ adapter: next, outboxPath })
    expect(await again.scsStore.flush()).toBe(true)
    expect(next.stored).toEqual(ids(records))
    await again.close()
    expect(existsSync(outboxPath)).toBe(false)
  })

  it('and whose records another store has left behind gets them within a minute', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const outboxPath = join(newFolder(), 'outbox')
    const adapter = new GatedStore()
    await buildStore({ adapter, outboxPath })
    const gone = new Outbox(outboxPath, 1e9)
    const records = samples(3, () => ({}))
    gone.append(records, false)
    vi.advanceTimersByTime(60_000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(adapter.stored).toEqual([])
    gone.close()
    vi.advanceTimersByTime(60_000)
    await vi.waitFor(() => expect(adapter.stored).toEqual(ids(records)))
  })

  it('at the start does not stop it with startup: wait, and stops it otherwise', async () => {
    const adapter = new GatedStore()
    adapter.isOpenable = false
    await expect(buildStore({ adapter })).rejects.toMatchObject({
      code: 'SCS_STORE_ERR_UNAVAILABLE',
    })
    const { app } = await buildStore({ adapter, startup: 'wait', ...FAST })
    const record = sample()
    app.scsStore.write(record)
    expect((await app.scsStore.stats()).isAvailable).toBe(false)
    adapter.isOpenable = true
    await vi.waitFor(() => expect(adapter.stored).toEqual([record.id]))
  })
})

describe('pressure', () => {
  const body = 'x'.repeat(10_000)

  it('sheds bodies first, then the least important records, and stays within its bounds', async () => {
    const adapter = new GatedStore()
    const maxQueuedBytes = 2_000_000
    const { app, log } = await buildStore({ adapter, maxQueuedBytes })
    adapter.isStalled = true
    const importances = ['high', 'normal', 'low'] as const
    const records = samples(9_000, (index) => ({
      importance: importances[index % 3] ?? 'low',
      data: { body },
      sheddable: ['body'],
    }))
    for (const [index, record] of records.entries()) {
      app.scsStore.write(record)
      if (index % 1_000 !== 0) continue
      await new Promise((resolve) => setImmediate(resolve))
      expect((await app.scsStore.stats()).queue.bytes).toBeLessThanOrEqual(maxQueuedBytes)
    }
    const { shedBodies, shed } = await app.scsStore.stats()
    expect(shedBodies.integration_requests).toBeGreaterThan(1_000)
    expect(shed.integration_requests).toBeGreaterThan(3_000)
    adapter.release()
    expect(await app.scsStore.flush()).toBe(true)
    const stored = new Set(adapter.stored)
    const kept = importances.map((one) => {
      return records.filter(({ importance, id }) => importance === one && stored.has(id)).length
    })
    // The first batches left before the pressure; of what waited the important records are left.
    expect(kept[0]).toBeGreaterThan(2_500)
    expect(kept[2]).toBeLessThan(200)
    expect(stored.size + shed.integration_requests).toBe(9_000)
    const lines = log.filter(({ msg }) => msg.includes('sheds'))
    expect(lines.length).toBeGreaterThanOrEqual(1)
    expect(lines.length).toBeLessThanOrEqual(5)
  })

  it('is bounded by records too', async () => {
    const adapter = new GatedStore()
    const { app } = await buildStore({ adapter, maxQueuedRecords: 1_000 })
    adapter.isStalled = true
    for (const record of samples(5_000, () => ({}))) app.scsStore.write(record)
    const { queue, shed } = await app.scsStore.stats()
    expect(queue.records).toBe(1_000)
    expect(shed.integration_requests).toBe(4_000)
    adapter.release()
  })

  it('a full outbox sheds from memory, and what it holds is not lost', async () => {
    const adapter = new GatedStore()
    const outboxPath = join(newFolder(), 'outbox')
    const limits = { maxQueuedRecords: 100, outboxMaxBytes: 100_000, batchRecords: 10 }
    const { app } = await buildStore({ adapter, outboxPath, ...limits, ...FAST })
    adapter.isAvailable = false
    app.scsStore.write(sample())
    await vi.waitFor(async () => expect((await app.scsStore.stats()).isAvailable).toBe(false))
    for (const record of samples(2_000, () => ({}))) app.scsStore.write(record)
    const { outboxBytes, queue, shed } = await app.scsStore.stats()
    expect(outboxBytes).toBeLessThanOrEqual(100_000)
    expect(queue.records).toBeLessThanOrEqual(110)
    expect(shed.integration_requests).toBeGreaterThan(500)
    adapter.isAvailable = true
    await vi.waitFor(() => expect(adapter.stored).toHaveLength(2_001 - shed.integration_requests))
  })
})

describe("durability: 'process'", () => {
  it('can be read by other plugins, and so can the default', async () => {
    const outboxPath = join(newFolder(), 'outbox')
    const options = { adapter: new GatedStore(), outboxPath }
    const { app: sure } = await buildStore({ ...options, durability: 'process' })
    const { app: usual } = await buildStore({ url: 'memory:' })
    expect([sure.scsStore.durability, usual.scsStore.durability]).toEqual(['process', 'default'])
  })

  it('each record is in a file as soon as write returns, whatever waits and whether the database is there', async () => {
    const adapter = new GatedStore()
    const outboxPath = join(newFolder(), 'outbox')
    const limits = { maxQueuedRecords: 40, batchRecords: 10 }
    const options = { adapter, outboxPath, durability: 'process', ...limits, ...FAST } as const
    const { app } = await buildStore(options)
    const fileTexts = () =>
      filesIn(outboxPath).map((name) => readFileSync(join(outboxPath, name), 'utf8'))
    for (const isAvailable of [true, false]) {
      adapter.isAvailable = isAvailable
      for (const record of samples(60, () => ({}))) {
        app.scsStore.write(record)
        expect(fileTexts().some((text) => text.includes(record.id))).toBe(true)
      }
      await app.scsStore.flush()
    }
  })

  it('a record is in a file before write returns, and the file has nothing left to store once it is stored', async () => {
    const adapter = new GatedStore()
    const outboxPath = join(newFolder(), 'outbox')
    const { app } = await buildStore({ adapter, outboxPath, durability: 'process', ...FAST })
    adapter.isStalled = true
    const records = samples(50, () => ({}))
    for (const record of records) app.scsStore.write(record)
    expect(filesIn(outboxPath)).toHaveLength(1)
    expect((await app.scsStore.stats()).outboxBytes).toBeGreaterThan(50 * 100)
    adapter.release()
    expect(await app.scsStore.flush()).toBe(true)
    expect(adapter.stored).toEqual(ids(records))
    await app.close()
    expect(existsSync(outboxPath)).toBe(false)
  })

  it('the end writes no record to a file that has it already', async () => {
    const adapter = new GatedStore()
    const outboxPath = join(newFolder(), 'outbox')
    const { app } = await buildStore({ adapter, outboxPath, durability: 'process', ...FAST })
    adapter.isAvailable = false
    for (const record of samples(50, () => ({}))) app.scsStore.write(record)
    await app.close()
    const lines = filesIn(outboxPath).flatMap((name) =>
      readFileSync(join(outboxPath, name), 'utf8').trimEnd().split('\n'),
    )
    expect(lines).toHaveLength(50)
  })

  it('keeps in the file what memory does not hold, loses nothing and keeps the order', async () => {
    const adapter = new GatedStore()
    const outboxPath = join(newFolder(), 'outbox')
    const options = { durability: 'process', maxQueuedRecords: 200 } as const
    const { app } = await buildStore({ adapter, outboxPath, ...options, ...FAST })
    adapter.isStalled = true
    const records = samples(3_000, () => ({}))
    for (const record of records) app.scsStore.write(record)
    const { queue, shed } = await app.scsStore.stats()
    expect(queue.records).toBeLessThanOrEqual(200)
    expect(shed.integration_requests).toBe(0)
    adapter.release()
    await vi.waitFor(() => expect(adapter.stored).toHaveLength(3_000))
    expect(adapter.stored).toEqual(ids(records))
  })

  it('needs a folder', async () => {
    const options = { url: 'memory:', durability: 'process' } as const
    await expect(buildStore(options)).rejects.toMatchObject({ code: 'SCS_STORE_ERR_OPTIONS' })
  })
})
