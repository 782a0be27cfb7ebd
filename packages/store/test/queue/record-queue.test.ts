import { describe, expect, it } from 'vitest'
import { sample } from '../../src/contract/index.js'
import type { Importance, StoreRecord } from '../../src/index.js'
import type { QueuedRecord } from '../../src/queue/queued-record.js'
import { recordBytes } from '../../src/queue/queued-record.js'
import { RecordQueue, WaitingRecords } from '../../src/queue/record-queue.js'

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

  it('puts records back before all others, each to those of its importance, and counts them again', () => {
    const queue = new RecordQueue()
    const entries = (['low', 'high', 'low', 'normal'] as const).map((one) => entry(one))
    for (const one of entries) queue.push(one)
    const [records, bytes] = [queue.records, queue.bytes]
    queue.giveBack(queue.take(3, 1e9))
    expect([queue.records, queue.bytes]).toEqual([records, bytes])
    expect(queue.dropLeast('low')).toBe(entries[0])
    expect(queue.take(9, 1e9)).toEqual(entries.slice(1))
  })

  it('has no first record when it is empty', () => {
    expect(new RecordQueue().first()).toBeUndefined()
  })

  it('gives each record to a caller', () => {
    const queue = new RecordQueue()
    const entries = (['high', 'low', 'normal'] as const).map((one) => entry(one))
    for (const one of entries) queue.push(one)
    const seen = new Set<QueuedRecord>()
    queue.forEach((one) => void seen.add(one))
    expect(seen).toEqual(new Set(entries))
  })

  it('takes exactly as many bytes as it may, and leaves exactly as many as it may', () => {
    const queue = new RecordQueue()
    const entries = [1, 2, 3, 4].map(() => entry('low'))
    for (const one of entries) queue.push(one)
    const bytes = entries[0]?.bytes ?? 0
    expect(queue.takeBeyond(9, bytes * 3)).toEqual(entries.slice(3))
    expect(queue.takeBeyond(9, bytes * 3)).toEqual([])
    expect(queue.take(9, bytes * 2)).toEqual(entries.slice(0, 2))
    expect(queue.takeBeyond(9, bytes - 1)).toEqual(entries.slice(2, 3))
    expect(queue.takeBeyond(0, 0)).toEqual([])
  })

  it('passes records without bodies over, and looks at none a second time', () => {
    const queue = new RecordQueue()
    const looks = [0, 0, 0, 0]
    const sheddables = [undefined, [], ['body'], undefined]
    for (const [index, sheddable] of sheddables.entries()) {
      const one = entry('low', { data: { body: 'x' } })
      one.record = new Proxy(
        { ...one.record, ...(sheddable && { sheddable }) },
        {
          get: (target, key, receiver) => {
            if (key === 'sheddable') looks[index] = (looks[index] ?? 0) + 1
            return Reflect.get(target, key, receiver)
          },
        },
      )
      queue.push(one)
    }
    expect(queue.shedBody()).toBe('integration_requests')
    expect(looks.slice(0, 2)).toEqual([1, 1])
    expect([queue.shedBody(), queue.shedBody()]).toEqual([undefined, undefined])
    expect(looks).toEqual([1, 1, looks[2], 1])
  })

  it('looks at no record again when others before it are taken or were put back', () => {
    const queue = new RecordQueue()
    const shed = { data: { body: 'x' }, sheddable: ['body'] }
    for (const _ of [1, 2, 3]) queue.push(entry('low', shed))
    for (const _ of [1, 2]) queue.shedBody()
    const [first] = queue.take(1, 1e9)
    if (first === undefined) throw new Error('nothing was taken')
    queue.giveBack([first])
    // As long as the first two have no bodies left, what is written into them is not seen.
    queue.forEach((one) => {
      one.record = sample({ ...shed, importance: 'low' })
    })
    expect([queue.shedBody(), queue.shedBody()]).toEqual(['integration_requests', undefined])
    const last = entry('low', shed)
    queue.push(last)
    queue.take(3, 1e9)
    expect([queue.shedBody(), queue.shedBody()]).toEqual(['integration_requests', undefined])
    expect(last.record.data.body).toBeNull()
  })

  it('drops nothing when it is empty', () => {
    expect(new RecordQueue().dropLeast('high')).toBeUndefined()
  })

  it('knows its least importance', () => {
    const queue = new RecordQueue()
    const seen = [queue.least]
    for (const importance of ['high', 'normal', 'low'] as const) {
      queue.push(entry(importance))
      seen.push(queue.least)
    }
    expect(seen).toEqual([undefined, 'high', 'normal', 'low'])
  })
})

describe('WaitingRecords', () => {
  const body = { data: { body: 'x' }, sheddable: ['body'] }

  function filled(queued: readonly Importance[], spilled: readonly Importance[]) {
    const waiting = new WaitingRecords()
    const entries = [...queued, ...spilled].map((one) => entry(one, body))
    for (const one of entries.slice(0, queued.length)) waiting.queue.push(one)
    for (const one of entries.slice(queued.length)) waiting.spillover.push(one)
    return { waiting, entries }
  }

  it('counts both queues, shows the first of them and gives each record to a caller', () => {
    const { waiting, entries } = filled(['low', 'high'], ['normal'])
    expect(waiting.records).toBe(3)
    expect(waiting.bytes).toBe(entries.reduce((sum, { bytes }) => sum + bytes, 0))
    expect(waiting.first()).toBe(entries[0])
    const seen = new Set<QueuedRecord>()
    waiting.forEach((one) => void seen.add(one))
    expect(seen).toEqual(new Set(entries))
    waiting.queue.take(2, 1e9)
    expect(waiting.first()).toBe(entries[2])
  })

  it('sends what was to go to the files once it is told so', () => {
    const { waiting, entries } = filled([], ['normal'])
    waiting.advance()
    expect([waiting.queue.first(), waiting.spillover.first()]).toEqual([entries[0], undefined])
    waiting.advance()
    expect([waiting.queue.first(), waiting.spillover.first()]).toEqual([undefined, entries[0]])
  })

  it('gives all of it, what is sent next first', () => {
    const { waiting, entries } = filled(['low', 'high'], ['high', 'low'])
    expect(waiting.takeAll()).toEqual(entries)
    expect(waiting.records).toBe(0)
  })

  it('sheds the least important bodies of both queues first, then the older ones', () => {
    const { waiting, entries } = filled(['high', 'normal'], ['low', 'normal'])
    const shed = entries.map(() => {
      const before = entries.map(({ record }) => record.data.body)
      waiting.shedBody()
      return entries.findIndex(({ record }, index) => record.data.body !== before[index])
    })
    expect(shed).toEqual([2, 1, 3, 0])
    expect(waiting.shedBody()).toBeUndefined()
  })

  it('drops the least important record of both queues, the older one first, and none that is more important', () => {
    const { waiting, entries } = filled(['normal', 'high'], ['low', 'normal'])
    expect(waiting.dropLeast('low')).toBe(entries[2])
    expect(waiting.dropLeast('low')).toBeUndefined()
    expect([1, 2, 3].map(() => waiting.dropLeast('high'))).toEqual([
      entries[0],
      entries[3],
      entries[1],
    ])
    expect(waiting.dropLeast('high')).toBeUndefined()
  })
})
