import { createRecordId, keepBody, keptJsonOf, type StoreRecord } from '@fastify-scs/core/kit'
import { expect, it } from 'vitest'
import { newEntry, shedBodies } from '../../src/queue/queued-record.js'

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
