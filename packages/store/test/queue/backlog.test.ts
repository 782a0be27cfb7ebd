import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { sample, samples } from '../../src/contract/index.js'
import type { StoreRecord } from '../../src/index.js'
import { OutboxBreaker } from '../../src/outbox/breaker.js'
import { Outbox } from '../../src/outbox/outbox.js'
import { Backlog, type BacklogLimits } from '../../src/queue/backlog.js'
import { type QueuedRecord, recordBytes } from '../../src/queue/queued-record.js'
import { noWriteCounts } from '../../src/writer/write-counts.js'
import { newFolder } from '../build-store.js'

interface Given extends Partial<BacklogLimits> {
  /** False for no outbox; else how many bytes it may take. */
  readonly outboxBytes?: number | false
}

function newBacklog({ outboxBytes = 1e9, ...given }: Given = {}) {
  const limits: BacklogLimits = {
    batchRecords: 2,
    flushMs: 1_000,
    maxQueuedRecords: 10,
    maxQueuedBytes: 1e9,
    durability: 'default',
    ...given,
  }
  const outbox =
    outboxBytes === false ? undefined : new Outbox(join(newFolder(), 'outbox'), outboxBytes)
  const breaker = new OutboxBreaker(outbox, (error) => {
    throw error
  })
  onTestFinished(() => breaker.close())
  const counts = noWriteCounts()
  const onShed = vi.fn()
  return { backlog: new Backlog(breaker, limits, counts, onShed), breaker, counts, onShed }
}

function idsOf(entries: readonly QueuedRecord[]): string[] {
  return entries.map(({ record }) => record.id)
}

/** Adds records one by one; returns their ids. */
function addTo(backlog: Backlog, records: readonly StoreRecord[]): string[] {
  for (const record of records) backlog.add(record)
  return records.map(({ id }) => id)
}

/** Takes all there is, a batch at a time, and settles it. */
function drain(backlog: Backlog): string[] {
  const ids: string[] = []
  for (let batch = backlog.take(true); batch.length > 0; batch = backlog.take(true)) {
    ids.push(...idsOf(batch))
    backlog.settle(batch)
  }
  return ids
}

const records = (count: number): StoreRecord[] => samples(count, (index) => ({ data: { index } }))

describe('a batch is taken', () => {
  it('when it is full, when it is time or when it is forced', () => {
    vi.useFakeTimers({ now: 1_800_000_000_000 })
    onTestFinished(() => void vi.useRealTimers())
    const { backlog } = newBacklog()
    expect([backlog.take(true), backlog.take(false)]).toEqual([[], []])
    const ids = addTo(backlog, records(3))
    expect(backlog.hasBatch).toBe(true)
    expect(idsOf(backlog.take(false))).toEqual(ids.slice(0, 2))
    expect(backlog.hasBatch).toBe(false)
    vi.advanceTimersByTime(999)
    expect(backlog.take(false)).toEqual([])
    vi.advanceTimersByTime(1)
    expect(idsOf(backlog.take(false))).toEqual(ids.slice(2))
    const [last] = addTo(backlog, records(1))
    expect(idsOf(backlog.take(true))).toEqual([last])
  })

  it('and counts as waiting until it is settled, once', () => {
    const { backlog } = newBacklog()
    const added = records(3)
    const bytes = added.map(recordBytes)
    addTo(backlog, added)
    const sum = bytes.reduce((all, one) => all + one, 0)
    expect([backlog.records, backlog.bytes]).toEqual([3, sum])
    const batch = backlog.take(true)
    expect([backlog.records, backlog.bytes]).toEqual([3, sum])
    expect([
      backlog.settle(batch.slice(0, 1)),
      backlog.settle(batch),
      backlog.settle(batch),
    ]).toEqual([1, 1, 0])
    expect(batch.every(({ isSettled }) => isSettled)).toBe(true)
    expect([backlog.records, backlog.bytes]).toEqual([1, bytes[2]])
    backlog.settle(backlog.takeAll())
    expect([backlog.records, backlog.bytes]).toEqual([0, 0])
  })

  it('with no more than 4 MiB', () => {
    const { backlog } = newBacklog({ batchRecords: 10 })
    const ids = addTo(
      backlog,
      samples(3, () => ({ data: { body: 'x'.repeat(1_000_000) } })),
    )
    expect([1, 2].map(() => idsOf(backlog.take(true)))).toEqual([ids.slice(0, 2), ids.slice(2)])
  })
})

it('each record has a place, the first of those that wait and the last of all are known', () => {
  const { backlog } = newBacklog()
  expect([backlog.first, backlog.firstOrder, backlog.lastOrder]).toEqual([
    undefined,
    Number.POSITIVE_INFINITY,
    -1,
  ])
  const ids = addTo(backlog, records(3))
  expect([backlog.firstOrder, backlog.lastOrder, backlog.first?.record.id]).toEqual([0, 2, ids[0]])
  const seen: string[] = []
  backlog.forEach(({ record }) => void seen.push(record.id))
  expect(seen).toEqual(ids)
  backlog.take(true)
  expect([backlog.firstOrder, backlog.lastOrder, backlog.first?.record.id]).toEqual([2, 2, ids[2]])
})

describe('while the database is away', () => {
  it('half of the limits stays in memory, the rest goes to files in batches, and all comes in order', () => {
    const { backlog, breaker, counts } = newBacklog()
    backlog.isDown = true
    const ids = addTo(backlog, records(9))
    expect([backlog.records, breaker.unreadRecords, counts.spilled]).toEqual([5, 4, 4])
    expect(backlog.firstOrder).toBe(-1)
    expect(drain(backlog)).toEqual(ids)
    expect([backlog.records, backlog.bytes, breaker.hasUnread]).toEqual([0, 0, false])
  })

  it('half of the bytes is a limit too', () => {
    const [record] = records(1)
    const bytes = record === undefined ? 0 : recordBytes(record)
    const { backlog, breaker } = newBacklog({ maxQueuedBytes: bytes * 6, batchRecords: 1 })
    backlog.isDown = true
    addTo(backlog, records(5))
    expect([backlog.records, breaker.unreadRecords]).toEqual([3, 2])
  })

  it('what memory held before goes behind it on each tick, two batches at a time', () => {
    const { backlog, breaker, counts } = newBacklog({ maxQueuedRecords: 20 })
    const ids = addTo(backlog, records(18))
    backlog.spill()
    expect(breaker.unreadRecords).toBe(0)
    backlog.isDown = true
    backlog.spill()
    expect([backlog.records, breaker.unreadRecords, counts.spilled]).toEqual([14, 4, 4])
    backlog.spill()
    expect([backlog.records, breaker.unreadRecords]).toEqual([10, 8])
    backlog.spill()
    expect([backlog.records, breaker.unreadRecords]).toEqual([10, 8])
    expect(drain(backlog)).toEqual(ids)
  })

  it('records that were taken count to the half', () => {
    const { backlog, breaker } = newBacklog({ maxQueuedRecords: 8 })
    addTo(backlog, records(6))
    backlog.take(true)
    backlog.isDown = true
    backlog.spill()
    expect([backlog.records, breaker.unreadRecords]).toEqual([4, 2])
  })

  it('without an outbox nothing goes to files, and the least important are dropped', () => {
    const { backlog, counts, onShed } = newBacklog({ outboxBytes: false, maxQueuedRecords: 3 })
    backlog.isDown = true
    const low = sample({ importance: 'low' })
    const ids = addTo(backlog, [...records(3), low])
    expect([counts.shed.integration_requests, counts.spilled]).toEqual([1, 0])
    expect(onShed).toHaveBeenCalledOnce()
    expect(drain(backlog)).toEqual(ids.slice(0, 3))
  })
})

describe('with durability: process', () => {
  it('each record is in a file as well as in memory, and the file goes when it is stored', () => {
    const { backlog, breaker, counts } = newBacklog({ durability: 'process' })
    const ids = addTo(backlog, records(4))
    expect([backlog.records, breaker.hasUnread, counts.spilled]).toEqual([4, false, 0])
    expect(breaker.bytes).toBeGreaterThan(0)
    expect(drain(backlog)).toEqual(ids)
    breaker.tidy()
    expect(breaker.bytes).toBe(0)
  })

  it('what half of memory does not hold is in a file only, and comes in order', () => {
    const { backlog, breaker, counts } = newBacklog({ durability: 'process' })
    const ids = addTo(backlog, records(9))
    expect([backlog.records, breaker.unreadRecords, counts.spilled]).toEqual([5, 4, 4])
    expect(drain(backlog)).toEqual(ids)
  })

  it('a record that the outbox does not take is in memory', () => {
    const { backlog, counts } = newBacklog({ durability: 'process', outboxBytes: 1 })
    const ids = addTo(backlog, records(4))
    expect([backlog.records, counts.spilled]).toEqual([4, 0])
    expect(drain(backlog)).toEqual(ids)
  })
})

describe('beyond the limits', () => {
  it('bodies go first while it is bytes that are too many, then records', () => {
    const body = 'x'.repeat(10_000)
    const { backlog, counts, onShed } = newBacklog({
      outboxBytes: false,
      maxQueuedBytes: 50_000,
      maxQueuedRecords: 100,
    })
    const given = { data: { body }, sheddable: ['body'], importance: 'normal' } as const
    addTo(
      backlog,
      samples(4, () => given),
    )
    expect(counts.shedBodies.integration_requests).toBe(2)
    expect(counts.shed.integration_requests).toBe(0)
    expect(onShed).toHaveBeenCalledTimes(2)
    expect([backlog.records, backlog.bytes <= 50_000]).toEqual([4, true])
  })

  it('no bodies go where it is records that are too many', () => {
    const { backlog, counts } = newBacklog({ outboxBytes: false, maxQueuedRecords: 2 })
    const given = { data: { body: 'x' }, sheddable: ['body'] }
    const ids = addTo(
      backlog,
      samples(3, () => given),
    )
    expect([counts.shedBodies.integration_requests, counts.shed.integration_requests]).toEqual([
      0, 1,
    ])
    expect(drain(backlog)).toEqual(ids.slice(1))
  })

  it('what was taken counts, and is not dropped', () => {
    const { backlog, counts } = newBacklog({ outboxBytes: false, maxQueuedRecords: 2 })
    addTo(backlog, records(2))
    backlog.take(true)
    addTo(backlog, records(1))
    expect([backlog.records, counts.shed.integration_requests]).toEqual([2, 1])
  })

  it('files take what is to go there, though the outbox was not tried for it yet', () => {
    const { backlog, breaker, counts } = newBacklog({ batchRecords: 100, maxQueuedRecords: 4 })
    backlog.isDown = true
    const ids = addTo(backlog, records(6))
    expect([backlog.records, breaker.unreadRecords, counts.shed.integration_requests]).toEqual([
      3, 3, 0,
    ])
    expect(drain(backlog)).toEqual(ids)
  })
})

describe('what was taken and is to be kept', () => {
  it('goes to files in batches, and is lost where these have no room, apart from what still fits', () => {
    const added = records(5)
    const size = Math.max(...added.map((record) => JSON.stringify(record).length + 1))
    const { backlog, breaker, counts, onShed } = newBacklog({ outboxBytes: size * 3 + 10 })
    const ids = addTo(backlog, added)
    const all = backlog.takeAll()
    expect(idsOf(all)).toEqual(ids)
    expect(backlog.keep(all)).toBe(2)
    expect([counts.spilled, counts.shed.integration_requests]).toEqual([3, 2])
    expect(onShed).toHaveBeenCalledTimes(2)
    expect(breaker.unreadRecords).toBe(3)
  })

  it('is not written again where a file has it that is still in its place', () => {
    const { backlog, breaker, counts } = newBacklog({ durability: 'process' })
    addTo(backlog, records(3))
    const bytes = breaker.bytes
    expect(backlog.keep(backlog.takeAll())).toBe(0)
    expect([breaker.bytes, counts.spilled, counts.shed.integration_requests]).toEqual([bytes, 0, 0])
  })
})

it('what comes when the database is back goes behind what the files have, in order', () => {
  const { backlog, breaker } = newBacklog()
  backlog.isDown = true
  const ids = addTo(backlog, records(9))
  backlog.isDown = false
  ids.push(...addTo(backlog, records(1)))
  expect(breaker.unreadRecords).toBe(4)
  expect(drain(backlog)).toEqual(ids)
})
