import { expect, it } from 'vitest'
import { blockedSpanOf } from '../../src/timeline/blocked-span.js'
import { entriesOf } from '../../src/timeline/entries.js'

const AT = Date.parse('2026-11-26T10:00:00.000Z')
const time = (ms: number) => new Date(AT + ms).toISOString()

it('a blocked event loop is shown since when and for how long it was blocked, not when that was reported', () => {
  const details = { since: time(100), blockedMs: 2_000 }
  for (const data of [{ ...details }, { data: details }]) {
    const keys = { requestId: 'req-1', status: 'blocked', summary: 'blocked' }
    const report = { kind: 'reports' as const, id: 'report', createdAt: AT + 60_000, revision: 0 }
    expect(entriesOf([{ ...report, keys, data }]).entries).toMatchObject([
      { what: 'blocked', at: AT + 100, durationMs: 2_000 },
    ])
  }
})

it('it is not shown before its request came: the last sign of life was seen before', () => {
  const data = { since: time(-50), blockedMs: 2_000 }
  expect(blockedSpanOf({ time: { start: time(0) }, data })).toEqual({ at: AT, durationMs: 1_950 })
  expect(blockedSpanOf({ time: { start: time(9_000) }, data })?.durationMs).toBe(0)
})

it('what does not tell since when has no span', () => {
  for (const data of [{}, { since: 'never', blockedMs: 1 }, { since: time(0), blockedMs: 'long' }])
    expect(blockedSpanOf({ data })).toBeUndefined()
})
