import { describe, expect, it } from 'vitest'
import { adviceFor, queriesOf, shareOfTime } from '../../page/report/queries.js'

const LINES = 'SELECT * FROM order_lines WHERE order_id = ?'

const fact = {
  count: 5,
  leftOut: 1,
  durationMs: 60,
  statements: [
    { system: 'postgresql', text: 'BEGIN', times: 1, durationMs: 1, isRepeated: false },
    { system: 'postgresql', text: LINES, times: 4, durationMs: 84, isRepeated: true },
  ],
  list: [
    { statement: 0, at: 1_000, durationMs: 1, waitMs: 0, rows: null, errorCode: null },
    { statement: 1, at: 1_001, durationMs: 40, waitMs: 3, rows: 2, errorCode: null },
    { statement: 1, at: 1_002, durationMs: 20, waitMs: null, rows: 3, errorCode: null },
    { statement: 1, at: 1_003, durationMs: null, waitMs: null, rows: null, errorCode: '57014' },
  ],
}

describe('the queries of a report', () => {
  it('have each statement once, what took the longest first, with its runs', () => {
    const queries = queriesOf(fact)
    expect(queries).toMatchObject({ count: 5, leftOut: 1, durationMs: 60, failed: 1 })
    expect(queries?.statements.map(({ text }) => text)).toEqual([LINES, 'BEGIN'])
    expect(queries?.statements[0]).toMatchObject({
      times: 4,
      totalMs: 84,
      longestMs: 40,
      rows: 5,
      errors: [['57014', 1]],
      isRepeated: true,
    })
    expect(queries?.statements[0]?.runs).toHaveLength(3)
    expect(queries?.statements[1]).toMatchObject({ rows: undefined, errors: [] })
  })

  it('may have been cut: what is left of them keeps its statement', () => {
    const cut = queriesOf({
      ...fact,
      statements: ['[truncated: 9 bytes]', fact.statements[1]],
      list: [...fact.list.slice(0, 2), '[truncated: 2 items]'],
    })
    expect(cut?.statements).toHaveLength(1)
    expect(cut?.statements[0]?.runs).toHaveLength(1)
    expect(cut?.leftOut).toBe(3)
    const noList = queriesOf({ ...fact, list: '[truncated: 4 items]' })
    expect(noList).toMatchObject({ leftOut: 5, failed: 0 })
    expect(noList?.statements[0]).toMatchObject({ totalMs: 84, longestMs: undefined })
  })

  it('have no duration where no end of theirs was seen, or the clock went back', () => {
    const [, ...ended] = fact.list
    const running = { ...fact.list[0], durationMs: null }
    const wrong = { ...fact, durationMs: -3, list: [running, ...ended] }
    const queries = queriesOf(wrong)
    expect(queries?.durationMs).toBeUndefined()
    expect(queries?.statements[1]).toMatchObject({ totalMs: undefined, longestMs: undefined })
    const backwards = { ...fact, list: fact.list.map((run) => ({ ...run, durationMs: -5 })) }
    expect(queriesOf(backwards)?.statements[0]?.longestMs).toBeUndefined()
  })

  it('are not known of what is no such fact, and none are none', () => {
    for (const other of [null, [], 'queries', {}, { count: 'many' }, { count: 0, list: [] }])
      expect(queriesOf(other)).toBeUndefined()
  })
})

describe('the share of the time that queries took', () => {
  const queries = queriesOf(fact)
  if (queries === undefined) throw new Error('no queries')

  it('is that of the slow call’s report, which knows it best', () => {
    const data = { queries: { share: 0.84 } }
    expect(shareOfTime(queries, { data, time: { microsecs: 1_000 } })).toBe(0.84)
  })

  it('is reckoned from the time of any other report, and never more than all', () => {
    expect(shareOfTime(queries, { data: null, time: { microsecs: 120_000 } })).toBe(0.5)
    expect(shareOfTime(queries, { data: null, time: { microsecs: 30_000 } })).toBe(1)
    expect(shareOfTime(queries, { data: null, time: undefined })).toBeUndefined()
  })
})

it('a statement that reads can be one that reads all', () => {
  expect(adviceFor(LINES)).toBe('one query could read them all')
  expect(adviceFor('INSERT INTO lines VALUES (?)')).toBe('one statement could do them all')
})
