import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { sample, samples } from '../../src/contract/index.js'
import type { StoreOptions, StoreRecord } from '../../src/index.js'
import { OUTBOX_REST_MS } from '../../src/outbox/breaker.js'
import { Outbox } from '../../src/outbox/outbox.js'
import { RecordQueue } from '../../src/queue/record-queue.js'
import { buildStore, newFolder, type TestApp } from '../build-store.js'
import { GatedStore } from '../gated-store.js'

const FAST = { retryMs: 5, maxRetryMs: 20 }
const RECORDS = 20_000

interface Work {
  /** Calls of `append`, and the records that they were given. */
  appends: number
  appended: number
  /** Records that were put into a queue. */
  pushed: number
}

/** Counts the work of all outboxes and queues until the test ends. */
function countWork(): Work {
  const work = { appends: 0, appended: 0, pushed: 0 }
  const { append } = Outbox.prototype
  const appends = vi.spyOn(Outbox.prototype, 'append').mockImplementation(function (
    this: Outbox,
    ...[records, inMemory]
  ) {
    work.appends++
    work.appended += records.length
    return append.call(this, records, inMemory)
  })
  const { push } = RecordQueue.prototype
  const pushes = vi.spyOn(RecordQueue.prototype, 'push').mockImplementation(function (
    this: RecordQueue,
    entry,
  ) {
    work.pushed++
    push.call(this, entry)
  })
  onTestFinished(() => {
    appends.mockRestore()
    pushes.mockRestore()
  })
  return work
}

/** An app whose database is away. */
async function buildDown(options: StoreOptions): Promise<TestApp & { adapter: GatedStore }> {
  const adapter = new GatedStore()
  const built = await buildStore({ adapter, ...FAST, ...options })
  adapter.isAvailable = false
  built.app.scsStore.write(sample())
  await vi.waitFor(async () => expect((await built.app.scsStore.stats()).isAvailable).toBe(false))
  return { ...built, adapter }
}

/** A folder that cannot be made: its parent is a file. */
function unwritablePath(): string {
  const file = join(newFolder(), 'file')
  writeFileSync(file, '')
  return join(file, 'outbox')
}

const failures: [string, () => StoreOptions][] = [
  ['cannot be written', () => ({ outboxPath: unwritablePath() })],
  ['is full', () => ({ outboxPath: join(newFolder(), 'outbox'), outboxMaxBytes: 50_000 })],
]

describe.each(failures)('while the database is away and the outbox %s', (_, options) => {
  it.each(['default', 'process'] as const)(
    'a write does as much however many records wait, with durability: %s',
    async (durability) => {
      const { app, log } = await buildDown({ ...options(), durability })
      const work = countWork()
      const costs: number[] = []
      for (let part = 0; part < 4; part++) {
        const before = work.pushed + work.appended
        for (const record of samples(RECORDS / 4, () => ({}))) app.scsStore.write(record)
        costs.push(work.pushed + work.appended - before)
      }
      // Each record is queued once; to try the outbox again costs a batch now and then.
      for (const cost of costs) expect(cost).toBeLessThan((RECORDS / 4) * 1.5)
      expect(work.appends).toBeLessThan(RECORDS / 20)
      const { queue, shed } = await app.scsStore.stats()
      expect(queue.records + shed.integration_requests).toBeGreaterThan(RECORDS * 0.9)
      const lines = log.filter(({ msg }) => msg.includes('outbox'))
      expect(lines.length).toBeLessThanOrEqual(5)
    },
  )
})

it('an outbox that has failed is tried with one record, not with a batch that nothing may take', async () => {
  const { app } = await buildDown({ outboxPath: unwritablePath(), maxQueuedRecords: 1_000 })
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now())
  onTestFinished(() => clock.mockRestore())
  const work = countWork()
  const tries: number[] = []
  for (let second = 0; second < 5; second++) {
    clock.mockReturnValue(performance.now() + OUTBOX_REST_MS)
    const before = work.appended
    for (const record of samples(1_000, () => ({}))) app.scsStore.write(record)
    tries.push(work.appended - before)
  }
  expect(tries).toEqual([100, 1, 1, 1, 1])
  expect(work.appends).toBe(5)
})

it('an outbox that works again takes what waits and what comes, in order, and then the database gets it all', async () => {
  const folder = newFolder()
  const outboxPath = join(folder, 'outbox')
  writeFileSync(outboxPath, 'in the way')
  const { app, adapter, log } = await buildDown({ outboxPath, maxQueuedRecords: 1_000 })
  const records = samples(900, () => ({}))
  for (const record of records) app.scsStore.write(record)
  expect((await app.scsStore.stats()).spilled).toBe(0)
  expect((await app.scsStore.stats()).outboxFailures).toBeGreaterThan(0)
  rmSync(outboxPath)
  await vi.waitFor(async () => expect((await app.scsStore.stats()).spilled).toBeGreaterThan(350), {
    timeout: 10_000,
  })
  expect((await app.scsStore.stats()).shed.integration_requests).toBe(0)
  adapter.isAvailable = true
  await vi.waitFor(() => expect(adapter.stored).toHaveLength(901), { timeout: 10_000 })
  expect(adapter.stored.slice(1)).toEqual(records.map(({ id }) => id))
  expect(log.filter(({ msg }) => msg.includes('outbox')).length).toBeGreaterThanOrEqual(1)
})

it("with durability: 'process', what came while the outbox failed is in a file once it works again", async () => {
  const folder = newFolder()
  const outboxPath = join(folder, 'outbox')
  writeFileSync(outboxPath, 'in the way')
  const { app } = await buildDown({ outboxPath, durability: 'process' })
  const records = samples(250, () => ({}))
  for (const record of records) app.scsStore.write(record)
  rmSync(outboxPath)
  const kept = () => textsIn(outboxPath)
  await vi.waitFor(() => expect(records.filter(({ id }) => !kept().includes(id))).toEqual([]), {
    timeout: 10_000,
  })
})

it('at the end as much of the rest is kept as fits', async () => {
  const outboxPath = join(newFolder(), 'outbox')
  const body = 'x'.repeat(500)
  const { app, log } = await buildDown({ outboxPath, outboxMaxBytes: 100_000 })
  const records: StoreRecord[] = samples(1_000, () => ({ data: { body } }))
  for (const record of records) app.scsStore.write(record)
  await app.close()
  const text = textsIn(outboxPath)
  const kept = records.filter(({ id }) => text.includes(id)).length
  expect(kept).toBeGreaterThan(90)
  const { shed } = await app.scsStore.stats()
  expect(kept + shed.integration_requests).toBe(1_000)
  const line = log.find(({ msg }) => msg.includes('are lost'))
  expect(line?.records).toBe(1_000 - kept)
})

function textsIn(folder: string): string {
  mkdirSync(folder, { recursive: true })
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('')
}
