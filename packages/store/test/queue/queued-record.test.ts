import type { JsonValue } from '@fastify-scs/core'
import { createRecordId, type DescribedBody, keepBody, keptJsonOf } from '@fastify-scs/core/kit'
import { describe, expect, it, vi } from 'vitest'
import { sample } from '../../src/contract/index.js'
import type { StoreRecord } from '../../src/index.js'
import { newEntry, recordBytes, shedBodies } from '../../src/queue/queued-record.js'

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

  it.each([
    ['an empty record', {}, 424],
    ['a text, two bytes a character, and its key', { ab: 'xyz' }, 458],
    ['other values', { a: 1, b: null, c: true }, 502],
    ['what a list and an object hold', { a: ['x', { b: 'y' }] }, 528],
    ['values up to the bound', { a: new Array(498).fill(1) }, 400 + 500 * 24 + 2],
  ] satisfies [string, StoreRecord['data'], number][])('counts %s', (_, data, bytes) => {
    expect(recordBytes(sample({ data }))).toBe(bytes)
  })

  it('takes a list beyond the bound for so many values, and anything else for one', () => {
    const seen = 400 + 500 * 24
    const full = new Array(497).fill(1)
    expect(recordBytes(sample({ data: { a: full, b: 1, c: 1, d: 1 } }))).toBe(seen + 2 * 24 + 8)
    const beyond = (d: JsonValue): number => recordBytes(sample({ data: { a: full, b: 1, c: d } }))
    expect(beyond({}) - seen).toBe(24 + 6 + 25)
    expect(beyond({ x: 1, y: 2 }) - seen).toBe(24 + 6 + 25)
    expect(beyond([1, 2, 3]) - seen).toBe(24 + 6 + 73)
    expect(recordBytes(sample({ data: { a: full, b: {} } })) - seen).toBe(4 + 25)
    const longList = [...new Array(498).fill(1), 'not looked at', 1]
    const inList = recordBytes(sample({ data: { a: longList } }))
    expect(inList).toBe(seen + 2 + 49)
  })

  it('counts JSON that nobody has read as a text, and leaves it unread', () => {
    const data: { a: number; body: JsonValue } = { a: 1, body: null }
    const value = vi.fn(() => ({ x: 1 }))
    const body = Object.defineProperty({ json: '{"x":1}' }, 'value', { get: value })
    keepBody(data, 'body', body as DescribedBody)
    expect(recordBytes(sample({ data }))).toBe(400 + 3 * 24 + 2 * (1 + 4 + 7))
    expect(value).not.toHaveBeenCalled()
  })
})

describe('newEntry', () => {
  it('is not settled and in no file, and knows its size and its place', () => {
    const record = sample({ data: { ab: 'xyz' } })
    const before = Date.now()
    const { queuedAt, ...entry } = newEntry(record, 7)
    expect(entry).toEqual({ record, bytes: 458, segment: undefined, order: 7, isSettled: false })
    expect(queuedAt).toBeGreaterThanOrEqual(before)
    expect(queuedAt).toBeLessThanOrEqual(Date.now())
  })
})

describe('shedBodies', () => {
  const shed = (given: Partial<StoreRecord>): StoreRecord => {
    const entry = newEntry(sample(given), 0)
    shedBodies(entry)
    return entry.record
  }

  it('takes the stamps of what it sheds, and no others', () => {
    const stamps = {
      'data.body': 1,
      'data.body.part': 2,
      'data.bodyType': 3,
      'x.data.body.y': 4,
      status: 5,
    }
    const record = shed({ data: { body: 'x' }, sheddable: ['body', 'answer'], stamps })
    expect(record.stamps).toEqual({ 'data.bodyType': 3, 'x.data.body.y': 4, status: 5 })
  })

  it('adds no stamps to a record that has none, and sheds nothing of one that names nothing', () => {
    expect(shed({ data: { body: 'x' }, sheddable: ['body'] })).not.toHaveProperty('stamps')
    const stamps = { 'data.body': 1 }
    const record = shed({ data: { body: 'x' }, stamps })
    expect([record.data, record.stamps]).toEqual([{ body: 'x', truncated: true }, stamps])
  })
})

/** A record whose bodies fail when they are parsed. */
function recordWithTexts(): StoreRecord {
  const data = { status: 'Completed', data: null, output: null, note: null }
  for (const field of ['data', 'output', 'note'] as const)
    keepBody(data, field, {
      json: '{"a":[1,2,3]}',
      isTruncated: false,
      get value(): never {
        throw new Error('it was parsed')
      },
    })
  return {
    kind: 'integration_requests',
    id: createRecordId(),
    createdAt: 0,
    revision: 0,
    importance: 'normal',
    keys: {},
    data: data as unknown as StoreRecord['data'],
    sheddable: ['data', 'output', 'note'],
  }
}

it('bodies that are kept as text are measured and shed without being parsed', () => {
  const record = recordWithTexts()
  const entry = newEntry(record, 1)
  const before = entry.bytes
  expect(before).toBeGreaterThan('{"a":[1,2,3]}'.length * 3)
  shedBodies(entry)
  expect(entry.bytes).toBeLessThan(before)
  expect(entry.record.data).toEqual({
    status: 'Completed',
    data: null,
    output: null,
    note: null,
    truncated: true,
  })
  // The record is the caller's.
  expect(keptJsonOf(record.data)?.size).toBe(3)
})
