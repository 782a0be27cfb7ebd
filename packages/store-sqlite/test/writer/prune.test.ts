import { statSync } from 'node:fs'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../../src/index.js'
import { buildApp, numbered } from '../build-app.js'
import { connect, newPath, numbersOf, upTo } from '../processes.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

async function filled(rows: number): Promise<{ store: CheckedAdapter; path: string }> {
  const path = newPath()
  const store = new CheckedAdapter(new SqliteStore({ path }))
  await store.open()
  onTestFinished(() => store.close())
  for (let first = 0; first < rows; first += 500) await store.insert(numbered(500, first))
  return { store, path }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

describe('maxBytes of the file', () => {
  it('holds at every moment, log included, while several times as much is written', async () => {
    const path = newPath()
    const maxBytes = 20_000_000
    // Only what is written keeps the file small: nothing looks at it for an hour.
    const app = await buildApp(path, { maxBytes, pruneEveryMs: 3_600_000 })
    const body = 'x'.repeat(3_000)
    let largest = 0
    let written = 0
    for (; written < 20_000; written += 200) {
      for (const record of numbered(200, written, body)) app.scsStore.write(record)
      expect(await app.scsStore.flush()).toBe(true)
      largest = Math.max(largest, sizeOf(path) + sizeOf(`${path}-wal`))
    }
    expect(largest).toBeLessThan(maxBytes * 1.25)
    expect(largest).toBeGreaterThan(maxBytes * 0.9)
    const { pruned, shed, stored } = await app.scsStore.stats()
    expect(shed.integration_requests).toBe(0)
    expect(stored?.records.integration_requests).toBe(written - pruned)
    const numbers = await numbersOf(path)
    // The oldest went, and no others.
    expect(numbers).toEqual(upTo(written).slice(pruned))
  })

  it('removes the oldest records, of whatever kind', async () => {
    const path = newPath()
    const removed: number[] = []
    const store = new CheckedAdapter(new SqliteStore({ path }), {
      maxBytes: 2_000_000,
      onRemoved: (records) => void removed.push(records),
    })
    await store.open()
    onTestFinished(() => store.close())
    const time = Date.now() - 1_000_000
    const body = 'x'.repeat(10_000)
    for (let first = 0; first < 1_000; first += 10) {
      const batch = numbered(10, first, body).map((record, index) => ({
        ...record,
        kind: index % 2 === 0 ? ('reports' as const) : ('audit_events' as const),
        createdAt: time + first + index,
      }))
      await store.insert(batch)
    }
    const { items: reports } = await store.find('reports', { limit: 500 })
    const { items: events } = await store.find('audit_events', { limit: 500 })
    const left = [...reports, ...events].map(({ data }) => data.number as number)
    const gone = removed.reduce((sum, records) => sum + records, 0)
    expect(left.sort((one, other) => one - other)).toEqual(upTo(1_000).slice(gone))
    expect(left.length).toBeGreaterThan(100)
  })

  it('is approached in steps when lowered, so that no batch waits for all of it', async () => {
    const path = newPath()
    const before = new CheckedAdapter(new SqliteStore({ path }))
    await before.open()
    for (const round of upTo(20)) await before.insert(numbered(500, round * 500))
    await before.close()
    const removed: number[] = []
    const store = new CheckedAdapter(new SqliteStore({ path }), {
      maxBytes: 1_000_000,
      onRemoved: (records) => void removed.push(records),
    })
    await store.open()
    onTestFinished(() => store.close())
    await store.insert(numbered(100, 10_000))
    expect(removed[0]).toBeGreaterThan(100)
    expect(removed[0]).toBeLessThan(1_000)
    expect(await store.prune({ maxBytes: 1_000_000 })).toBeGreaterThan(8_000)
    expect((await store.size()).bytes).toBeLessThan(1_250_000)
  })
})

describe('pruning', () => {
  it('gives the space back to the disk', async () => {
    const { store, path } = await filled(10_000)
    const before = await store.size()
    expect(await store.prune({ olderThan: Date.now() + 1 })).toBe(10_000)
    const after = await store.size()
    expect(before.bytes).toBeGreaterThan(10_000_000)
    expect(after.bytes).toBeLessThan(before.bytes / 10)
    expect(statSync(path).size).toBeLessThan(before.bytes / 10)
    expect(statSync(`${path}-wal`).size).toBeLessThan(1_000_000)
  })

  it('keeps the file within its bytes while rows arrive', async () => {
    const { store } = await filled(500)
    const maxBytes = 4_000_000
    for (const round of upTo(10)) {
      await store.insert(numbered(1_000, round * 1_000))
      await store.prune({ maxBytes })
      expect((await store.size()).bytes).toBeLessThan(maxBytes * 1.1)
    }
    const { items } = await store.find('integration_requests', { limit: 500 })
    expect(items[0]?.data.number).toBe(9_999)
  })

  it('lets batches through between its chunks', async () => {
    const { store } = await filled(20_000)
    let isPruned = false
    const pruning = store.prune({ olderThan: Date.now() + 1 }).then((rows) => {
      isPruned = true
      return rows
    })
    // The worker is asked to prune first.
    await new Promise((resolve) => setImmediate(resolve))
    await store.insert(numbered(1))
    expect(isPruned).toBe(false)
    expect(await pruning).toBeGreaterThanOrEqual(20_000)
  })

  it('ends when the store closes, and leaves the lease to the next store', async () => {
    const { store, path } = await filled(20_000)
    const limits = { olderThan: Date.now() + 1 }
    const pruning = store.prune(limits)
    await new Promise((resolve) => setImmediate(resolve))
    await store.close()
    expect(await pruning).toBe(0)
    const next = new CheckedAdapter(new SqliteStore({ path }))
    await next.open()
    onTestFinished(() => next.close())
    const left = (await next.size()).records.integration_requests
    expect(left).toBeGreaterThan(0)
    expect(await next.prune(limits)).toBe(left)
  })

  it('is faster than writing, so that the file keeps to its bytes under any load', async () => {
    const { store, path } = await filled(5_000)
    const maxBytes = 6_000_000
    const pages = connect(path).prepare(
      'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
    )
    let isOver = false
    const writing = upTo(4).map(async () => {
      while (!isOver) await store.insert(numbered(100))
    })
    for (let round = 0; round < 10; round++) {
      await store.prune({ maxBytes })
      expect((pages.get() as { bytes: number }).bytes).toBeLessThan(maxBytes * 4)
    }
    isOver = true
    await Promise.all(writing)
    expect((await store.size()).records.integration_requests).toBeGreaterThan(1_000)
  })

  it('does nothing while another instance holds the lease, and takes over an expired one', async () => {
    const { store, path } = await filled(500)
    const limits = { olderThan: Date.now() + 1 }
    const lease = connect(path).prepare(`INSERT INTO leases VALUES ('prune', 'another', ?)
      ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until`)
    lease.run(Date.now() + 60_000)
    expect(await store.prune(limits)).toBe(0)
    lease.run(Date.now() - 1)
    expect(await store.prune(limits)).toBe(500)
  })

  it('by two stores at once removes each row once', async () => {
    const { store, path } = await filled(5_000)
    const other = new CheckedAdapter(new SqliteStore({ path }))
    await other.open()
    onTestFinished(() => other.close())
    const limits = { olderThan: Date.now() + 1 }
    const removed = await Promise.all([store.prune(limits), other.prune(limits)])
    expect(removed.sort((one, two) => one - two)).toEqual([0, 5_000])
  })
})
