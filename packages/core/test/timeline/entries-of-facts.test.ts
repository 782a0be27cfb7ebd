import { entriesOfFacts, namedEntriesOf, type QueriesFact } from '@fastify-scs/core/kit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const AT = Date.parse('2026-11-26T10:00:00.000Z')
const time = (ms: number) => new Date(AT + ms).toISOString()
const told = (facts: Parameters<typeof entriesOfFacts>[0]) =>
  entriesOfFacts(facts).map(
    ({ at, what, title }) => `${Math.round((at - AT) * 10) / 10} ${what} ${title}`,
  )

const run = (statement: number, ms: number, rest: object = {}) => ({
  ...{ statement, at: AT + ms, durationMs: 2, waitMs: null, rows: 1, errorCode: null },
  ...rest,
})
const statement = (text: string, times = 1) => {
  return { system: 'postgresql', text, times, durationMs: 2, isRepeated: times > 4 }
}
const queries = (fact: Partial<QueriesFact>): { queries: QueriesFact } => {
  return { queries: { count: 2, leftOut: 0, durationMs: 4, statements: [], list: [], ...fact } }
}

describe('the entries of facts', () => {
  it('are audit events, calls, queries and log lines, in order of time', () => {
    const facts = {
      log_lines: [{ at: AT + 4, level: 'warn', message: 'stock is low' }],
      ...queries({
        statements: [statement('SELECT 1'), statement('SELECT 2')],
        list: [run(0, 2.25), run(1, 0.5)],
      }),
      outbound_calls: [
        {
          id: 'c1',
          method: 'GET',
          url: 'https://a.test/',
          createdAt: time(3),
          statusCode: 200,
          durationMs: 1,
        },
      ],
      audit_events: [{ level: 'ERROR', date: time(1), message: 'refused' }],
    }
    expect(told(facts)).toEqual([
      '0.5 query SELECT 2',
      '1 audit refused',
      '2.3 query SELECT 1',
      '3 call GET https://a.test/ → 200',
      '4 log warn: stock is low',
    ])
  })

  it('say what failed, by its code, and how long each took', () => {
    const facts = queries({
      statements: [statement('SELECT 1')],
      list: [run(0, 1, { errorCode: '42P01' }), run(0, 2, { durationMs: null })],
    })
    expect(entriesOfFacts(facts)).toEqual([
      {
        at: AT + 1,
        what: 'query',
        title: 'SELECT 1 → 42P01',
        durationMs: 2,
        isFailed: true,
        times: null,
      },
      {
        at: AT + 2,
        what: 'query',
        title: 'SELECT 1',
        durationMs: null,
        isFailed: false,
        times: null,
      },
    ])
    const lines = ['info', 'error', 'fatal'].map((level) => ({ at: AT, level, message: 'x' }))
    expect(entriesOfFacts({ log_lines: lines }).map(({ isFailed }) => isFailed)).toEqual([
      false,
      true,
      true,
    ])
  })

  it('have each run of a repeated statement, with how often it was run', () => {
    const list = Array.from({ length: 200 }, (_, index) => run(0, index))
    const entries = entriesOfFacts(
      queries({ statements: [statement('SELECT x', 240)], list, leftOut: 40 }),
    )
    expect(entries).toHaveLength(201)
    expect(entries.slice(0, 200).every(({ times }) => times === 240)).toBe(true)
    expect(entries[200]).toMatchObject({ at: AT + 199, title: '40 more queries', times: null })
  })

  it('say how many calls there were beyond those that are listed', () => {
    const more = { more: 7, createdAt: time(30), durationMs: 50 }
    expect(told({ outbound_calls: [more] })).toEqual(['30 call 7 more outbound calls'])
  })

  it('are in the order in which things happen where times are equal', () => {
    const facts = {
      log_lines: [{ at: AT, level: 'info', message: 'x' }],
      audit_events: [{ level: 'INFO', date: time(0), message: 'x' }],
    }
    expect(entriesOfFacts(facts).map(({ what }) => what)).toEqual(['audit', 'log'])
  })

  it('are those that are left of facts which were cut', () => {
    const facts = {
      audit_events: [
        '[2 older ones]',
        { level: 'INFO', date: time(1), message: 'paid' },
        '[truncated: 3 items]',
      ],
      outbound_calls: '[truncated: 70000 bytes]',
      queries: {
        statements: [statement('SELECT 1'), '[truncated: 2 items]'],
        list: [run(0, 2), run(1, 3), run(7, 4), { statement: 0 }, '[truncated: 9 items]'],
        leftOut: '[truncated: 1 bytes]',
      },
      log_lines: [{ at: AT + 5, message: 'said' }, { at: AT + 6 }],
    }
    expect(told(facts)).toEqual([
      '1 audit paid',
      '2 query SELECT 1',
      '3 query A query',
      '4 query A query',
      '5 log said',
    ])
  })

  it('are made of anything, without throwing', () => {
    const names = ['audit_events', 'outbound_calls', 'queries', 'log_lines']
    const anything = fc.jsonValue({ maxDepth: 4 })
    const parts = fc.record(
      Object.fromEntries(
        [
          'at',
          'statement',
          'list',
          'statements',
          'leftOut',
          'message',
          'date',
          'createdAt',
          'text',
        ].map((name) => [
          name,
          fc.oneof(anything, fc.array(fc.record({ at: fc.double(), statement: fc.integer() }))),
        ]),
      ),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.oneof(anything, parts, fc.array(parts)),
        (name, fact) => {
          for (const { at, title } of entriesOfFacts({ [name]: fact as never })) {
            expect([Number.isFinite(at), typeof title]).toEqual([true, 'string'])
          }
        },
      ),
    )
    for (const facts of [undefined, null, 1, 'x', []]) expect(namedEntriesOf(facts)).toEqual([])
  })
})

it('a thing has the same name in each report of its request, and two that are alike have two names', () => {
  const two = {
    log_lines: Array.from({ length: 2 }, () => ({ at: AT, level: 'info', message: 'x' })),
  }
  const names = namedEntriesOf(two).map(({ name }) => name)
  expect(new Set(names).size).toBe(2)
  const three = { log_lines: [...two.log_lines, { at: AT + 1, level: 'info', message: 'y' }] }
  expect(namedEntriesOf(three).map(({ name }) => name)).toEqual([...names, expect.any(String)])
  const running = queries({
    statements: [statement('SELECT 1')],
    list: [run(0, 1, { durationMs: null })],
  })
  const failed = queries({
    statements: [statement('SELECT 1')],
    list: [run(0, 1, { errorCode: 'X' })],
  })
  expect(namedEntriesOf(running)[0]?.name).toBe(namedEntriesOf(failed)[0]?.name)
})
