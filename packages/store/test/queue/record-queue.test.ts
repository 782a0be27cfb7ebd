import { describe, expect, it } from 'vitest'
import { sample } from '../../src/contract/index.js'
import type { Importance, StoreRecord } from '../../src/index.js'
import type { QueuedRecord } from '../../src/queue/queued-record.js'
import { recordBytes } from '../../src/queue/queued-record.js'
import { RecordQueue } from '../../src/queue/record-queue.js'

let order = 0

function entry(importance: Importance, given: Partial<StoreRecord> = {}): QueuedRecord {
  const record = sample({ importance, ...given })
  const bytes = recordBytes(record)
  return { record, bytes, queuedAt: 0, segment: undefined, order: order++, isSettled: false }
}

describe('RecordQueue', () => {
  it('gives records back in the order of their arrival, whatever their importance', () => {
    const queue = new RecordQueue()
    const entries = (['high', 'low', 'normal', 'low', 'high', 'normal'] as const).map(
      (importance) => entry(importance),
    )
    for (const one of entries) queue.push(one)
    expect(queue.first()).toBe(entries[0])
    expect(queue.take(4, 1e9)).toEqual(entries.slice(0, 4))
    expect(queue.take(4, 1e9)).toEqual(entries.slice(4))
    expect([queue.records, queue.bytes]).toEqual([0, 0])
  })

  it('takes one record at least, and then no more bytes than it is told', () => {
    const queue = new RecordQueue()
    const entries = [entry('low'), entry('low'), entry('low')]
    for (const one of entries) queue.push(one)
    expect(queue.take(3, 1)).toHaveLength(1)
    expect(queue.take(3, (entries[1]?.bytes ?? 0) * 2)).toHaveLength(2)
  })

  it('takes the last records beyond a bound, in the order of their arrival', () => {
    const queue = new RecordQueue()
    const entries = (['high', 'low', 'normal', 'high', 'low'] as const).map((one) => entry(one))
    for (const one of entries) queue.push(one)
    expect(queue.takeBeyond(2, 1e9)).toEqual(entries.slice(2))
    expect(queue.take(9, 1e9)).toEqual(entries.slice(0, 2))
  })

  it('sheds each body once, those of the least important records first, and leaves the record of the caller', () => {
    const queue = new RecordQueue()
    const body = 'x'.repeat(1_000)
    const given = { data: { body, kept: 1 }, sheddable: ['body', 'absent'] }
    const entries = (['high', 'normal', 'low', 'low'] as const).map((one) => entry(one, given))
    const first = entries[0]?.record
    for (const one of entries) queue.push(one)
    const before = queue.bytes
    queue.shedBody()
    queue.shedBody()
    expect(entries.map(({ record }) => record.data.body === null)).toEqual([
      false,
      false,
      true,
      true,
    ])
    queue.shedBody()
    queue.shedBody()
    expect(queue.shedBody()).toBeUndefined()
    expect(entries[0]?.record.data).toEqual({ body: null, kept: 1, truncated: true })
    expect(first?.data.body).toBe(body)
    expect(queue.bytes).toBeLessThan(before - 4 * 1_500)
    expect(queue.bytes).toBe(entries.reduce((sum, { bytes }) => sum + bytes, 0))
  })

  it('sheds the bodies of records that were taken and given back', () => {
    const queue = new RecordQueue()
    const entries = [1, 2, 3].map(() => entry('low', { data: { body: 'x' }, sheddable: ['body'] }))
    for (const one of entries) queue.push(one)
    queue.giveBack(queue.take(2, 1e9))
    for (const _ of entries) expect(queue.shedBody()).toBeDefined()
    expect(entries.map(({ record }) => record.data.body)).toEqual([null, null, null])
  })

  it('sheds the bodies of records that come after others were taken from its end', () => {
    const queue = new RecordQueue()
    const body = { data: { body: 'x' }, sheddable: ['body'] }
    for (const _ of [1, 2, 3]) queue.push(entry('low', body))
    while (queue.shedBody() !== undefined);
    queue.takeBeyond(1, 1e9)
    const later = entry('low', body)
    queue.push(later)
    expect(queue.shedBody()).toBe('integration_requests')
    expect(later.record.data.body).toBeNull()
  })

  it('drops the oldest record of the least importance, and none for a record that is less important', () => {
    const queue = new RecordQueue()
    const [low, normal, high] = [entry('low'), entry('normal'), entry('high')]
    for (const one of [high, normal, low]) queue.push(one)
    expect(queue.dropLeast('high')).toBe(low)
    expect(queue.dropLeast('low')).toBeUndefined()
    expect(queue.dropLeast('normal')).toBe(normal)
    expect(queue.dropLeast('high')).toBe(high)
  })
})

describe('recordBytes', () => {
  it('grows with the texts of a record', () => {
    const small = recordBytes(sample({ data: { a: 'x' } }))
    const large = recordBytes(sample({ data: { a: ['x'.repeat(500), { b: 'y'.repeat(500) }] } }))
    expect(large - small).toBeGreaterThan(2_000)
    expect(large - small).toBeLessThan(2_300)
  })

  it('looks at a bounded number of values, and counts the rest by their average', () => {
    const looked = { values: 0 }
    const list = new Proxy(
      Array.from({ length: 100_000 }, () => 'x'.repeat(10)),
      {
        get(target, key, receiver) {
          looked.values++
          return Reflect.get(target, key, receiver)
        },
      },
    )
    const bytes = recordBytes(sample({ data: { list } }))
    expect(looked.values).toBeLessThan(5_000)
    expect(bytes).toBeGreaterThan(100_000 * 30)
    expect(bytes).toBeLessThan(100_000 * 60)
  })
})
