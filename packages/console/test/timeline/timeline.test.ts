import type { FoundRecord, RecordKind } from '@fastify-scs/core/kit'
import { describe, expect, it } from 'vitest'
import { entriesOf as toldOf } from '../../src/timeline/entries.js'

const AT = Date.parse('2026-11-26T10:00:00.000Z')
const time = (ms: number) => new Date(AT + ms).toISOString()

function record(
  kind: RecordKind,
  ms: number,
  data: object,
  keys: FoundRecord['keys'] = {},
): FoundRecord {
  const id = `${kind}-${ms}`
  return {
    ...{ id, kind, createdAt: AT + ms, revision: 0 },
    keys: { requestId: 'req-1', ...keys },
    data: data as FoundRecord['data'],
  }
}

const crash = (data: object = {}) =>
  record(
    'reports',
    500,
    {
      title: 'it broke',
      time: { start: time(0), end: time(500), microsecs: 500_000 },
      request: { method: 'GET', url: '/orders/42' },
      response: { status: 500 },
      ...data,
    },
    { status: 'fatal' },
  )

const entriesOf = (records: readonly FoundRecord[]) => toldOf(records).entries

const told = (records: readonly FoundRecord[]) =>
  entriesOf(records).map(({ at, what, title }) => `${at - AT} ${what} ${title}`)

describe('a time line', () => {
  it('of a crash report alone has the audit events and outbound calls that the report knows', () => {
    const facts = {
      audit_events: ['[2 older ones]', { level: 'INFO', date: time(10), message: 'paid' }],
      outbound_calls: [
        {
          method: 'POST',
          url: 'https://a.test/',
          statusCode: 402,
          createdAt: time(20),
          durationMs: 5,
        },
        { more: 7, createdAt: time(30), durationMs: 50 },
      ],
    }
    expect(told([crash({ facts })])).toEqual([
      '0 arrival GET /orders/42',
      '10 audit paid',
      '20 call POST https://a.test/ → 402',
      '30 call 7 more outbound calls',
      '500 crash it broke',
      '500 answer Answered 500',
    ])
  })

  it('has each thing once, where its record is stored and the report knows it too', () => {
    const facts = {
      audit_events: [{ level: 'INFO', date: time(10), message: 'paid' }],
      outbound_calls: [{ id: 'integration_requests-20', createdAt: time(20), durationMs: 5 }],
    }
    const event = record('audit_events', 10, { message: 'paid' }, { level: 'INFO' })
    const call = record('integration_requests', 20, {
      method: 'GET',
      url: 'https://a.test/',
      isRemoteRequest: true,
    })
    const entries = entriesOf([event, call, crash({ facts })])
    expect(entries.map(({ what }) => what)).toEqual(['arrival', 'audit', 'call', 'crash', 'answer'])
    expect(entries[1]?.record).toEqual({ kind: 'audit_events', id: event.id })
  })

  it('puts what has the same time into the order in which it happens', () => {
    const event = record('audit_events', 500, { message: 'at once' }, { level: 'ERROR' })
    const slow = record('reports', 500, { title: 'slow' }, { status: 'slow' })
    expect(told([crash(), slow, event])).toEqual([
      '0 arrival GET /orders/42',
      '500 audit at once',
      '500 slow slow',
      '500 crash it broke',
      '500 answer Answered 500',
    ])
  })

  it('shows the phases one behind the other, and the answer before it is sent', () => {
    const phases = { uploadMs: 0, parsingMs: 5, hooksMs: 10, handlerMs: 80, serializationMs: null }
    const slow = record(
      'reports',
      200,
      {
        title: 'slow',
        data: {
          ...{ method: 'GET', url: '/slow', status: 200, phases: { ...phases, sendingMs: 20 } },
          time: { start: time(0), end: time(95), microsecs: 95_000 },
        },
      },
      { status: 'slow' },
    )
    expect(told([slow])).toEqual([
      '0 arrival GET /slow',
      '0 phase Parsing',
      '5 phase Hooks',
      '15 phase Handler',
      '95 phase Sending',
      '95 answer Answered 200',
      '200 slow slow',
    ])
  })

  it('keeps the requests of a trace apart', () => {
    const other = { ...crash(), id: 'other', keys: { requestId: 'req-2', status: 'fatal' } }
    expect(entriesOf([crash(), other]).filter(({ what }) => what === 'arrival')).toHaveLength(2)
  })

  it('is made of whatever a record says', () => {
    for (const odd of [null, 1, 'x', [], {}, { start: 1 }, { start: 'x' }])
      for (const field of ['time', 'request', 'response', 'facts', 'data', 'title'])
        expect(entriesOf([crash({ [field]: odd })]).length).toBeGreaterThan(0)
    const facts = { audit_events: [null, 1, {}, { date: 'x' }], outbound_calls: 'x' }
    expect(entriesOf([crash({ facts })]).map(({ what }) => what)).not.toContain('audit')
  })

  it('has the queries and log lines that reports know of, each once, as the newest report knows it', () => {
    const statement = { system: 'postgresql', text: 'SELECT 1', isRepeated: true }
    const run = { statement: 0, at: AT + 20.5, durationMs: null, errorCode: null }
    const line = { at: AT + 30, level: 'warn', message: 'stock is low' }
    const stuck = {
      ...crash({
        facts: {
          queries: { statements: [{ ...statement, times: 5 }], list: [run] },
          log_lines: [line],
        },
      }),
      ...{ id: 'stuck', createdAt: AT + 100, keys: { requestId: 'req-1', status: 'stuck' } },
    }
    const ended = { ...run, durationMs: 300, errorCode: '57014' }
    const facts = {
      queries: {
        leftOut: 3,
        statements: [{ ...statement, times: 9 }],
        list: [ended, { ...run, at: AT + 40 }],
      },
      log_lines: [line, { ...line, at: AT + 50, level: 'error' }],
    }
    const entries = entriesOf([stuck, crash({ facts })])
    expect(
      entries.filter(({ record }) => record === null).map(({ at, title }) => [at - AT, title]),
    ).toEqual([
      [0, 'GET /orders/42'],
      [20.5, 'SELECT 1 → 57014'],
      [30, 'warn: stock is low'],
      [40, 'SELECT 1'],
      [40, '3 more queries'],
      [50, 'error: stock is low'],
      [500, 'Answered 500'],
    ])
    expect(entries[1]).toMatchObject({ what: 'query', durationMs: 300, isFailed: true, times: 9 })
  })

  it('has two things that are alike and at one time twice, also where their records are stored', () => {
    const event = { level: 'INFO', date: time(10), message: 'paid' }
    const line = { at: AT + 20, level: 'info', message: 'again' }
    const report = crash({
      facts: { audit_events: [event, event, event], log_lines: [line, line] },
    })
    const stored = record('audit_events', 10, { message: 'paid' }, { level: 'INFO' })
    expect(told([report, stored, { ...stored, id: 'other' }])).toEqual([
      '0 arrival GET /orders/42',
      ...['10 audit paid', '10 audit paid', '10 audit paid'],
      ...['20 log info: again', '20 log info: again'],
      '500 crash it broke',
      '500 answer Answered 500',
    ])
  })

  it('has what two requests of a trace have in common twice', () => {
    const facts = { log_lines: [{ at: AT + 1, level: 'info', message: 'begins' }] }
    const other = {
      ...crash({ facts }),
      id: 'other',
      keys: { requestId: 'req-2', status: 'fatal' },
    }
    const entries = entriesOf([crash({ facts }), other])
    expect(entries.filter(({ what }) => what === 'log')).toHaveLength(2)
  })

  it('begins with the arrival, although a query is asked for in the same millisecond', () => {
    const facts = {
      queries: {
        statements: [{ text: 'SELECT 1' }],
        list: [{ statement: 0, at: AT - 0.25, durationMs: 1 }],
      },
    }
    expect(entriesOf([crash({ facts })]).map(({ at, what }) => [at - AT, what])[0]).toEqual([
      -0.25,
      'arrival',
    ])
  })

  it('shows a blocked event loop by its report', () => {
    const blocked = record('reports', 90, { title: 'blocked' }, { status: 'blocked' })
    expect(told([blocked])).toEqual(['90 blocked blocked'])
  })

  it('has 2,000 entries of facts at most, and says that there are more', () => {
    const list = Array.from({ length: 300 }, (_, index) => ({ statement: 0, at: AT + index }))
    const facts = { queries: { statements: [{ text: 'SELECT 1' }], list } }
    const reports = Array.from({ length: 8 }, (_, index) => {
      return {
        ...crash({ facts }),
        id: `r${index}`,
        keys: { requestId: `req-${index}`, status: 'fatal' },
      }
    })
    const { entries, isCut } = toldOf(reports)
    expect(isCut).toBe(true)
    expect(entries.filter(({ what }) => what === 'query')).toHaveLength(2_000)
    expect(entries.filter(({ what }) => what === 'crash')).toHaveLength(8)
    expect(toldOf(reports.slice(0, 6)).isCut).toBe(false)
  })
})
