import { performance } from 'node:perf_hooks'
import { createRedactor } from '@fastify-scs/core'
import { expect, it, vi } from 'vitest'
import { queriesFact } from '../../src/fact/queries-fact.js'
import { AppQueries } from '../../src/noting/app-queries.js'
import { RequestNotes } from '../../src/noting/request-notes.js'
import { resolveOptions } from '../../src/options.js'

const redactor = createRedactor()

function notesOf(options = {}): { app: AppQueries; notes: RequestNotes } {
  const app = new AppQueries(resolveOptions(options), redactor, console as never)
  return { app, notes: new RequestNotes(app) }
}

const EPOCH_MS = 1_700_000_000_000

/** Runs something by a clock that goes only when it is told to. */
function withClock(run: (passMs: (ms: number) => void) => void): void {
  let now = 5_000
  const clocks = [
    vi.spyOn(performance, 'now').mockImplementation(() => now),
    vi.spyOn(Date, 'now').mockImplementation(() => EPOCH_MS + now - 5_000),
  ]
  try {
    run((ms) => {
      now += ms
    })
  } finally {
    for (const clock of clocks) clock.mockRestore()
  }
}

const START = { system: 'postgresql', statement: 'SELECT 1' }

it('a run has its time, its wait, its rows and its error; the first end counts', () => {
  withClock((passMs) => {
    const { notes } = notesOf()
    const one = notes.begin(START)
    passMs(10)
    one.connected()
    passMs(5)
    one.connected()
    one.end({ rows: 3 })
    one.end({ rows: 4, error: new Error('x') })
    const two = notes.begin(START)
    passMs(2)
    two.end({ error: Object.assign(new Error('x'), { code: '42P01' }) })
    const three = notes.begin(START)
    passMs(1)
    expect(queriesFact(notes, redactor)).toEqual({
      count: 3,
      leftOut: 0,
      durationMs: 18,
      statements: [
        { system: 'postgresql', text: 'SELECT ?', times: 3, durationMs: 17, isRepeated: false },
      ],
      list: [
        {
          statement: 0,
          at: 1_700_000_000_000,
          durationMs: 15,
          waitMs: 10,
          rows: 3,
          errorCode: null,
        },
        {
          statement: 0,
          at: 1_700_000_000_015,
          durationMs: 2,
          waitMs: null,
          rows: null,
          errorCode: '42P01',
        },
        {
          statement: 0,
          at: 1_700_000_000_017,
          durationMs: null,
          waitMs: null,
          rows: null,
          errorCode: null,
        },
      ],
    })
    three.end()
  })
})

it('a query that is told of at its end was asked for before; one without an end has no duration', () => {
  withClock((passMs) => {
    const { notes } = notesOf()
    passMs(20)
    notes.begin({ ...START, statement: 'SELECT a' }).end({ durationMs: 0 })
    notes.begin({ ...START, statement: 'SELECT b' }).end({ durationMs: 15, rows: 1 })
    notes.begin({ ...START, statement: 'SELECT c' }).end({ durationMs: null })
    passMs(20)
    const fact = queriesFact(notes, redactor)
    expect(fact.durationMs).toBe(15)
    expect(fact.list).toMatchObject([
      { statement: 1, at: 1_700_000_000_005, durationMs: 15 },
      { statement: 0, at: 1_700_000_000_020, durationMs: 0 },
      { statement: 2, at: 1_700_000_000_020, durationMs: null },
    ])
  })
})

it('beyond maxQueries a query is only counted, also for its statement', () => {
  const { app, notes } = notesOf({ maxQueries: 10 })
  for (let index = 0; index < 1_000; index += 1)
    notes.begin({ ...START, statement: 'SELECT * FROM a WHERE b = $1' }).end()
  const fact = queriesFact(notes, redactor)
  expect(fact).toMatchObject({
    count: 1_000,
    leftOut: 990,
    statements: [{ text: 'SELECT * FROM a WHERE b = ?', times: 1_000, isRepeated: true }],
  })
  expect(fact.list).toHaveLength(10)
  expect(app.stats()).toEqual({ queries: 1_000, leftOut: 990, failures: 0 })
})

it('an N+1 of a thousand whose values are in the statement is told as a thousand', () => {
  const { notes } = notesOf()
  for (let index = 0; index < 1_000; index += 1)
    notes.begin({ ...START, statement: `SELECT * FROM a WHERE b = ${index}` }).end()
  expect(queriesFact(notes, redactor)).toMatchObject({
    count: 1_000,
    leftOut: 800,
    statements: [{ text: 'SELECT * FROM a WHERE b = ?', times: 1_000, isRepeated: true }],
  })
})

it('what surrounds the work is not repeated work', () => {
  const { notes } = notesOf()
  for (let index = 0; index < 6; index += 1)
    for (const statement of [
      'pool.connect()',
      'BEGIN',
      "SET LOCAL a = 'b'",
      'UPDATE t SET a = 1',
      'COMMIT',
    ])
      notes.begin({ ...START, statement }).end()
  const { statements } = queriesFact(notes, redactor)
  expect(statements.map(({ text, isRepeated }) => [text, isRepeated])).toEqual([
    ['pool.connect()', false],
    ['BEGIN', false],
    ['SET LOCAL a = ?', false],
    ['UPDATE t SET a = ?', true],
    ['COMMIT', false],
  ])
})
