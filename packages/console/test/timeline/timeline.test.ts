import type { FoundRecord, RecordKind } from '@fastify-scs/core/kit'
import { describe, expect, it } from 'vitest'
import { entriesOf } from '../../src/timeline/entries.js'

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
})
