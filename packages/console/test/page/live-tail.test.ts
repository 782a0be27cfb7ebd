import { describe, expect, it } from 'vitest'
import {
  EMPTY_TAIL,
  type LiveEvent,
  type LiveTail,
  lagText,
  MAX_LIVE_ROWS,
  tailAfter,
  waitingCount,
} from '../../page/live/live-tail.js'
import type { AuditRow } from '../../src/api/model.js'

const row = (id: string, message = 'm'): AuditRow => ({
  kind: 'audit_events',
  id,
  createdAt: 1,
  requestId: null,
  traceId: null,
  user: null,
  service: null,
  type: 't',
  level: 'INFO',
  message,
  path: null,
})
const record = (id: string, message?: string): LiveEvent => ({
  type: 'record',
  row: row(id, message),
})
const after = (...events: readonly LiveEvent[]): LiveTail => events.reduce(tailAfter, EMPTY_TAIL)
const idsOf = (rows: LiveTail['shown']): string[] => rows.map(({ id }) => id)

describe('the live tail', () => {
  it('shows what arrives, newest first', () => {
    expect(idsOf(after({ type: 'open' }, record('a'), record('b')).shown)).toEqual(['b', 'a'])
  })

  it('holds back what arrives while one reads, counts it, and shows it when one goes on', () => {
    const paused = after(
      record('a'),
      { type: 'pause', reason: 'reading' },
      record('b'),
      record('c'),
    )
    expect(idsOf(paused.shown)).toEqual(['a'])
    expect(waitingCount(paused)).toBe(2)
    const on = tailAfter(paused, { type: 'resume', reason: 'reading' })
    expect(idsOf(on.shown)).toEqual(['c', 'b', 'a'])
    expect(waitingCount(on)).toBe(0)
  })

  it('stays paused until no reason is left', () => {
    const tail = after(
      { type: 'pause', reason: 'scrolled' },
      { type: 'pause', reason: 'button' },
      record('a'),
      { type: 'resume', reason: 'scrolled' },
    )
    expect(idsOf(tail.shown)).toEqual([])
    expect(idsOf(tailAfter(tail, { type: 'resume', reason: 'button' }).shown)).toEqual(['a'])
  })

  it('shows what waits on demand and stays paused', () => {
    const tail = after(
      { type: 'pause', reason: 'button' },
      record('a'),
      { type: 'show' },
      record('b'),
    )
    expect(idsOf(tail.shown)).toEqual(['a'])
    expect(waitingCount(tail)).toBe(1)
  })

  it('shows a record once, as it was last sent', () => {
    const tail = after(record('a', 'old'), record('b'), record('a', 'new'))
    expect(tail.shown.map((each) => (each as AuditRow).message)).toEqual(['m', 'new'])
    const paused = after(
      { type: 'pause', reason: 'button' },
      record('a', 'old'),
      record('a', 'new'),
    )
    expect(waitingCount(paused)).toBe(1)
  })

  it('keeps a bounded number of rows and counts those that it lets go', () => {
    let tail = after({ type: 'pause', reason: 'button' })
    for (let number = 0; number < MAX_LIVE_ROWS + 7; number++)
      tail = tailAfter(tail, record(`r${number}`))
    expect(tail.waiting).toHaveLength(MAX_LIVE_ROWS)
    expect(waitingCount(tail)).toBe(MAX_LIVE_ROWS + 7)
    const on = tailAfter(tail, { type: 'resume', reason: 'button' })
    expect(on.shown).toHaveLength(MAX_LIVE_ROWS)
    expect(on.shown[0]?.id).toBe(`r${MAX_LIVE_ROWS + 6}`)
  })

  it('tells of a lag while there is one', () => {
    const lagging = after({ type: 'lag', lag: { behindMs: 4_200, dropped: 1_200 } })
    expect(lagText(lagging.lag)).toBe('4 s behind; 1,200 records were left out')
    expect(tailAfter(lagging, { type: 'lag', lag: { behindMs: 100, dropped: 0 } }).lag).toBeNull()
    expect(lagText(null)).toBe('')
    expect(lagText({ behindMs: 0, dropped: 1 })).toBe('1 record was left out')
  })

  it('says whether it is connected, and keeps its rows when it is not', () => {
    const tail = after({ type: 'open' }, record('a'), { type: 'lost' })
    expect(tail.connection).toBe('lost')
    expect(idsOf(tail.shown)).toEqual(['a'])
  })

  it('begins anew for another filter and stays paused', () => {
    const tail = after(record('a'), { type: 'pause', reason: 'button' }, { type: 'cleared' })
    expect(tail).toEqual({ ...EMPTY_TAIL, pausedBy: ['button'] })
  })
})
