import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ownedName, parseOwnedName, thisProcess } from '@fastify-scs/core/kit'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { sample, samples } from '../../src/contract/index.js'
import type { StoreRecord } from '../../src/index.js'
import { OutboxSegment } from '../../src/outbox/segment.js'
import { buildStore, endProcess, filesIn, newFolder } from '../build-store.js'
import { GatedStore } from '../gated-store.js'

/** Goes on writing a record a turn, as a timer does, until it has written so many. */
function keepWriting(store: { write(record: StoreRecord): void }, records: readonly StoreRecord[]) {
  let written = 0
  const timer = setInterval(() => {
    const record = records[written++]
    if (record === undefined) clearInterval(timer)
    else store.write(record)
  }, 0)
  onTestFinished(() => clearInterval(timer))
  return async (count: number) => {
    while (written < count) await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

function ids(records: readonly StoreRecord[]): string[] {
  return records.map(({ id }) => id).sort()
}

/** A store whose database takes its time to close. */
class SlowStore extends GatedStore {
  override async close(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
}

const newOutboxPath = () => join(newFolder(), 'outbox')

describe('while a timer goes on writing', () => {
  it('through the close and after it, all records are kept, in one file more, and the next start stores them', async () => {
    const adapter = new SlowStore()
    const outboxPath = newOutboxPath()
    const { app, log } = await buildStore({ adapter, outboxPath })
    const records = samples(400, () => ({}))
    const until = keepWriting(app.scsStore, records)
    await until(100)
    await app.close()
    await until(400)
    const { shed, afterClose } = await app.scsStore.stats()
    expect(shed.integration_requests).toBe(0)
    expect(afterClose.lost.integration_requests).toBe(0)
    expect(afterClose.kept.integration_requests).toBeGreaterThan(200)
    // Besides what the close itself may have left.
    expect(filesIn(outboxPath).length).toBeLessThanOrEqual(2)
    expect(log.filter(({ msg }) => msg.includes('after the store had closed'))).toHaveLength(1)

    const { app: next } = await buildStore({ adapter, outboxPath })
    expect(await next.scsStore.flush()).toBe(true)
    expect([...new Set(adapter.stored)].sort()).toEqual(ids(records))
    expect(filesIn(outboxPath)).toEqual([])
  })

  it('a start in the same process, right after the close, stores them too, and what comes then within a minute', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const adapter = new SlowStore()
    const outboxPath = newOutboxPath()
    const { app } = await buildStore({ adapter, outboxPath })
    const records = samples(300, () => ({}))
    const write = (from: number, to: number) => {
      for (const record of records.slice(from, to)) app.scsStore.write(record)
    }
    write(0, 50)
    const closing = app.close()
    write(50, 100)
    await closing
    write(100, 150)
    const { app: next } = await buildStore({ adapter, outboxPath })
    write(150, 200)
    expect(await next.scsStore.flush()).toBe(true)
    expect(new Set(adapter.stored)).toContain(records[149]?.id)
    write(200, 250)
    vi.advanceTimersByTime(60_000)
    await vi.waitFor(() => expect(new Set(adapter.stored).size).toBe(250))
    write(250, 300)
    expect(filesIn(outboxPath)).toHaveLength(1)
    vi.advanceTimersByTime(60_000)
    await vi.waitFor(() => expect([...new Set(adapter.stored)].sort()).toEqual(ids(records)))
    const { afterClose } = await app.scsStore.stats()
    expect(afterClose).toEqual({
      kept: { integration_requests: 200, reports: 0, audit_events: 0, route_stats: 0 },
      lost: { integration_requests: 0, reports: 0, audit_events: 0, route_stats: 0 },
    })
  })
})

describe('a late record', () => {
  async function closedStore(options: object = {}) {
    const adapter = new GatedStore()
    const outboxPath = newOutboxPath()
    const built = await buildStore({ adapter, outboxPath, ...options })
    await built.app.close()
    return { ...built, adapter, outboxPath }
  }

  it('is in a file that anybody may take over as soon as write returns, so that kill -9 does not lose it', async () => {
    for (const durability of ['default', 'process'] as const) {
      const { app, outboxPath } = await closedStore({ durability })
      for (const record of samples(3, () => ({}))) {
        app.scsStore.write(record)
        const [name = '', ...others] = filesIn(outboxPath)
        expect(others).toEqual([])
        expect(parseOwnedName(name)?.owner).toBeUndefined()
        expect(readFileSync(join(outboxPath, name), 'utf8')).toContain(record.id)
      }
    }
  })

  it('is not lost when another process takes the file over in the middle of the write', async () => {
    const { app, adapter, outboxPath } = await closedStore()
    const [before, during, after] = samples(3, () => ({}))
    if (before === undefined || during === undefined || after === undefined) throw new Error()
    app.scsStore.write(before)
    const { append } = OutboxSegment.prototype
    let isTaken = false
    const spy = vi.spyOn(OutboxSegment.prototype, 'append').mockImplementation(function (
      this: OutboxSegment,
      ...call
    ) {
      if (!isTaken) {
        isTaken = true
        const other = ownedName({ ...thisProcess(), pid: 2 ** 30, startedAt: '1' }, 'aa', 0)
        renameSync(this.path, join(outboxPath, other))
      }
      return append.apply(this, call)
    })
    onTestFinished(() => spy.mockRestore())
    app.scsStore.write(during)
    app.scsStore.write(after)
    const free = filesIn(outboxPath).filter((name) => parseOwnedName(name)?.owner === undefined)
    expect(free).toHaveLength(1)
    const text = readFileSync(join(outboxPath, free[0] ?? ''), 'utf8')
    expect(text).toContain(during.id)
    expect(text).toContain(after.id)
    const { app: next } = await buildStore({ adapter, outboxPath })
    await next.scsStore.flush()
    const stored = [before, during, after].map(({ kind, id }) => next.scsStore.get(kind, id))
    expect((await Promise.all(stored)).every((found) => found !== undefined)).toBe(true)
  })

  it('is kept though the folder was deleted, with its stamps', async () => {
    const { app, adapter, outboxPath } = await closedStore()
    app.scsStore.write(sample())
    rmSync(outboxPath, { recursive: true })
    const record = sample({ data: { status: 'Queued' } })
    await adapter.setElsewhere(record)
    const stamps = { 'data.status': 5 }
    app.scsStore.write({ ...record, data: { status: 'Completed' }, stamps })
    const { app: next } = await buildStore({ adapter, outboxPath })
    await next.scsStore.flush()
    const found = await next.scsStore.get(record.kind, record.id)
    expect([found?.data, found?.stamps]).toEqual([{ status: 'Completed' }, stamps])
  })

  it('that no file takes is counted and logged, and nothing is thrown', async () => {
    const outboxPath = join(newFolder(), 'file', 'outbox')
    writeFileSync(join(outboxPath, '..'), '')
    const { app, log } = await buildStore({ adapter: new GatedStore(), outboxPath })
    await app.close()
    for (const record of samples(500, () => ({}))) app.scsStore.write(record)
    const { shed, afterClose, outboxFailures } = await app.scsStore.stats()
    expect(afterClose.lost.integration_requests).toBe(500)
    expect(afterClose.kept.integration_requests).toBe(0)
    expect(shed.integration_requests).toBe(500)
    // A disk that is full costs not every write a try.
    expect(outboxFailures).toBeLessThan(10)
    const lines = () => log.filter(({ msg }) => msg.includes('are not kept'))
    expect(lines()).toHaveLength(1)
    endProcess()
    expect(lines().map((line) => line.lost)).toMatchObject([
      { integration_requests: 1 },
      { integration_requests: 500 },
    ])
  })

  it('beyond the bound of the outbox is lost, and those before are kept', async () => {
    const { app, adapter, outboxPath } = await closedStore({ outboxMaxBytes: 20_000 })
    const body = 'x'.repeat(1_000)
    for (const record of samples(50, () => ({ data: { body } }))) app.scsStore.write(record)
    const { kept, lost } = (await app.scsStore.stats()).afterClose
    expect(kept.integration_requests).toBeGreaterThan(10)
    expect(kept.integration_requests + lost.integration_requests).toBe(50)
    const { app: next } = await buildStore({ adapter, outboxPath })
    await next.scsStore.flush()
    expect(adapter.stored).toHaveLength(kept.integration_requests)
    endProcess()
  })

  it('that is no record is logged as such', async () => {
    const { app, log, outboxPath } = await closedStore()
    for (const wrong of [undefined, null, 7, {}, { kind: 'cats' }])
      expect(() => app.scsStore.write(wrong as never)).not.toThrow()
    expect(log.at(-1)?.msg).toContain('no record')
    expect((await app.scsStore.stats()).afterClose.kept.integration_requests).toBe(0)
    expect(() => filesIn(outboxPath)).toThrow('ENOENT')
    endProcess()
  })

  it('that is held back is asked for when the process ends', async () => {
    const adapter = new GatedStore()
    const outboxPath = newOutboxPath()
    const { app } = await buildStore({ adapter, outboxPath })
    const record = sample()
    const forget = app.scsStore.beforeLastFlush(() => {
      app.scsStore.write(record)
      forget()
    })
    await app.close()
    endProcess()
    expect(process.listeners('exit')).toEqual([])
    expect((await app.scsStore.stats()).afterClose.kept.integration_requests).toBe(1)
    const { app: next } = await buildStore({ adapter, outboxPath })
    await next.scsStore.flush()
    expect(adapter.stored).toEqual([record.id])
  })
})
