import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SqliteStore } from '../src/index.js'
import { buildApp, numbered } from './build-app.js'
import { connect, newPath, numbersOf, start, upTo } from './processes.js'
import { canMount, mountSmallDisk } from './small-disk.js'

// Real files, threads and processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const LONG = { timeout: 30_000 }

describe('a file that another process has locked', () => {
  it('loses nothing: the application goes on, and all records arrive once and in order', async () => {
    const path = newPath()
    const app = await buildApp(path, { maxQueuedRecords: 1_000 })
    const locker = start('locker', path)
    await locker.untilSaid('locked')
    for (const record of numbered(400)) app.scsStore.write(record)
    await vi.waitFor(async () => expect((await app.scsStore.stats()).isAvailable).toBe(false), LONG)
    for (const record of numbered(2_600, 400)) app.scsStore.write(record)
    expect((await app.inject('/')).body).toBe('alive')
    expect(await app.scsStore.flush()).toBe(false)
    const { spilled, outboxBytes } = await app.scsStore.stats()
    // 500 wait in memory, and the last ones until they fill a batch.
    expect(spilled).toBeGreaterThan(2_400)
    expect(outboxBytes).toBeGreaterThan(2_400 * 1_000)
    locker.child.stdin?.write('\n')
    await locker.untilSaid('released')
    await vi.waitFor(async () => expect((await app.scsStore.stats()).written).toBe(3_000), LONG)
    await app.close()
    expect(await numbersOf(path)).toEqual(upTo(3_000))
    const rows = connect(path).prepare('SELECT data FROM integration_requests ORDER BY rowid').all()
    const inOrderOfArrival = rows.map((row) => JSON.parse((row as { data: string }).data).number)
    // The first batches were under way together when they failed.
    expect(inOrderOfArrival.slice(400)).toEqual(upTo(3_000).slice(400))
    expect(existsSync(`${path}.outbox`)).toBe(false)
  })
})

describe('a full disk', () => {
  it.skipIf(!canMount())('loses nothing: records wait, and arrive when there is room', async () => {
    const folder = mountSmallDisk('16m')
    const path = join(folder, 'scs.db')
    const app = await buildApp(path, { outboxPath: newPath(), maxQueuedRecords: 2_000 })
    const filler = join(folder, 'filler')
    fill(filler)
    for (const record of numbered(3_000)) app.scsStore.write(record)
    await vi.waitFor(async () => expect((await app.scsStore.stats()).isAvailable).toBe(false), LONG)
    expect((await app.inject('/')).body).toBe('alive')
    for (const record of numbered(1_000, 3_000, 'short')) app.scsStore.write(record)
    rmSync(filler)
    const total = 4_000
    await vi.waitFor(async () => {
      const { written, shed } = await app.scsStore.stats()
      expect(written + shed.integration_requests).toBe(total)
    }, LONG)
    const { written } = await app.scsStore.stats()
    await app.close()
    const numbers = await numbersOf(path)
    expect(numbers).toHaveLength(written)
    expect(new Set(numbers).size).toBe(written)
    expect(connect(path).prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  })
})

describe('closing', () => {
  it('does not abort the process when its time limit is shorter than one wait for a lock', async () => {
    const path = newPath()
    const store = new CheckedAdapter(new SqliteStore({ path, busyTimeoutMs: 60_000 }))
    await store.open()
    const lock = connect(path)
    lock.exec('BEGIN IMMEDIATE')
    const inserts = numbered(3).map((record) => store.insert([record]))
    const settled = Promise.allSettled(inserts)
    await pause(100)
    await store.close(50)
    await pause(300)
    lock.exec('ROLLBACK')
    expect((await settled).map(({ status }) => status)).toEqual(inserts.map(() => 'rejected'))
  })

  it('keeps to its time limit while another process holds the lock', async () => {
    const path = newPath()
    const app = await buildApp(path, { closeTimeoutMs: 1_000 }, 30_000)
    const locker = start('locker', path)
    await locker.untilSaid('locked')
    for (const record of numbered(400)) app.scsStore.write(record)
    const startMs = performance.now()
    await app.close()
    // Without a limit the worker waits 30 s for the lock, and closing waited 5 s for the worker.
    expect(performance.now() - startMs).toBeLessThan(4_000)
    locker.child.stdin?.write('\n')
    await locker.untilSaid('released')
    const again = await buildApp(path)
    await again.close()
    expect(await numbersOf(path)).toEqual(upTo(400))
  })
})

describe('a worker that dies', () => {
  it('is restarted, and what it had not committed is sent again, once each', async () => {
    const path = newPath()
    const kills = killEach(5)
    const app = await buildApp(path)
    for (const record of numbered(1_000)) app.scsStore.write(record)
    await vi.waitFor(async () => expect((await app.scsStore.stats()).written).toBe(1_000), LONG)
    expect(kills()).toBeGreaterThanOrEqual(5)
    expect((await app.scsStore.stats()).retried).toBeGreaterThan(0)
    await app.close()
    expect(await numbersOf(path)).toEqual(upTo(1_000))
    expect(connect(path).prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  })

  it('fails the call that it was reading for, and the next call works', async () => {
    const path = newPath()
    const store = new CheckedAdapter(new SqliteStore({ path }))
    await store.open()
    onTestFinished(() => store.close())
    await store.size()
    const posts = vi.spyOn(Worker.prototype, 'postMessage')
    onTestFinished(() => posts.mockRestore())
    const size = store.size()
    await vi.waitFor(() => expect(posts).toHaveBeenCalled())
    const [, failed] = await Promise.allSettled([
      (posts.mock.contexts.at(-1) as Worker).terminate(),
      size,
    ])
    // The answer may have been on its way already.
    if (failed.status === 'rejected') expect(failed.reason.code).toBe('SCS_STORE_ERR_UNAVAILABLE')
    expect((await store.size()).deadLetters).toBe(0)
  })
})

describe('a row that the database refuses', () => {
  it('is a dead letter with the reason, and its neighbours are stored', async () => {
    const path = newPath()
    const app = await buildApp(path)
    connect(path).exec(`CREATE TRIGGER poison BEFORE INSERT ON integration_requests
      WHEN NEW.summary = 'number 77' BEGIN SELECT RAISE(ABORT, 'seventy-seven is refused'); END`)
    for (const record of numbered(300)) app.scsStore.write(record)
    expect(await app.scsStore.flush()).toBe(true)
    const { stored, written, deadLettered } = await app.scsStore.stats()
    expect([written, deadLettered, stored?.deadLetters]).toEqual([299, 1, 1])
    const [letter] = connect(path).prepare('SELECT * FROM dead_letters').all() as Letter[]
    expect(letter?.reason).toContain('seventy-seven is refused')
    expect(JSON.parse(letter?.record ?? '').data.number).toBe(77)
    await app.close()
    expect(await numbersOf(path)).toEqual(upTo(300).filter((number) => number !== 77))
  })

  it('fails its own batch, and none of those in the same transaction', async () => {
    const path = newPath()
    const store = new CheckedAdapter(new SqliteStore({ path }))
    await store.open()
    onTestFinished(() => store.close())
    const batches = upTo(8).map((index) => numbered(50, index * 50))
    const bad = batches[3]?.[7]
    if (bad === undefined) throw new Error('no record')
    Object.assign(bad, { keys: { statusCode: 'none' } })
    const results = await Promise.allSettled(batches.map((batch) => store.insert(batch)))
    expect(results.map(({ status }) => status)).toEqual(
      upTo(8).map((index) => (index === 3 ? 'rejected' : 'fulfilled')),
    )
    expect((await store.size()).records.integration_requests).toBe(350)
  })

  it('becomes a dead letter too when it cannot be copied to another thread', async () => {
    const path = newPath()
    const app = await buildApp(path)
    const [good, bad] = numbered(2)
    if (good === undefined || bad === undefined) throw new Error('no records')
    app.scsStore.write(good)
    app.scsStore.write({ ...bad, data: { ...bad.data, call: (() => 1) as unknown as null } })
    expect(await app.scsStore.flush()).toBe(true)
    const { written, deadLettered } = await app.scsStore.stats()
    expect([written, deadLettered]).toEqual([1, 1])
  })
})

describe('the write-ahead log', () => {
  it('stays small while rows arrive as fast as they can be written', async () => {
    const path = newPath()
    const store = new CheckedAdapter(new SqliteStore({ path }))
    await store.open()
    onTestFinished(() => store.close())
    let largest = 0
    const body = 'x'.repeat(2_000)
    for (let round = 0; round < 50; round++) {
      const batches = upTo(8).map(() => store.insert(numbered(100, 0, body)))
      await Promise.all(batches)
      largest = Math.max(largest, statSync(`${path}-wal`).size)
    }
    expect(statSync(path).size).toBeGreaterThan(60_000_000)
    // It is cut when it is found to be longer than 64 MB; what is written between two looks comes on top.
    expect(largest).toBeLessThan(80_000_000)
  })
})

/** Ends the worker that was sent each so many-th batch, right after it was sent; tells how often. */
function killEach(batches: number): () => number {
  const { postMessage } = Worker.prototype
  let sent = 0
  const posts = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (
    this: Worker,
    message: { call: { call: string } },
  ) {
    postMessage.call(this, message)
    if (message.call.call === 'insert' && ++sent % batches === 0) void this.terminate()
  })
  onTestFinished(() => posts.mockRestore())
  return () => Math.floor(sent / batches)
}

interface Letter {
  readonly reason: string
  readonly record: string
}

/** Leaves a few hundred kilobytes on the small disk. */
function fill(path: string): void {
  writeFileSync(path, Buffer.alloc(15_500_000))
}
