import { describe, expect, it } from 'vitest'
import { entriesIn, foldQueries, type TimelineItem } from '../../page/report/timeline-fold.js'
import type { TimelineEntry } from '../../src/api/model.js'

function entry(
  what: TimelineEntry['what'],
  title: string,
  times: number | null = null,
): TimelineEntry {
  return { at: 0, durationMs: 1, what, title, isFailed: false, times, record: null }
}

/** `3 × SELECT`, or the title of a single one. */
function said(items: readonly TimelineItem[]): readonly string[] {
  return items.map((item) =>
    'entry' in item ? item.entry.title : `${item.entries.length} × ${item.statement ?? 'several'}`,
  )
}

const query = (title: string, times?: number) => entry('query', title, times)

describe('queries on a time line', () => {
  it('that run the same statement one after the other are one line', () => {
    const items = foldQueries([
      entry('arrival', 'GET /'),
      query('BEGIN'),
      query('SELECT a'),
      query('SELECT a'),
      query('COMMIT'),
      query('SELECT a'),
    ])
    expect(said(items)).toEqual(['GET /', 'BEGIN', '2 × SELECT a', 'COMMIT', 'SELECT a'])
  })

  it('that are run again and again are one line, though others lie between them', () => {
    const pair = [query('SELECT lines', 12), query('SELECT product', 12)]
    const items = foldQueries(Array.from({ length: 12 }, () => pair).flat())
    expect(said(items)).toEqual(['12 × SELECT lines', '12 × SELECT product'])
  })

  it('are of one statement whether they failed or not', () => {
    const failed = { ...query('SELECT a → 57014', 3), isFailed: true }
    const items = foldQueries([
      query('SELECT a', 3),
      failed,
      query('SELECT b'),
      query('SELECT a', 3),
    ])
    expect(said(items)).toEqual(['3 × SELECT a', 'SELECT b'])
    const [folded] = items
    const runs = folded !== undefined && 'items' in folded ? said(folded.items) : []
    expect(runs).toEqual(['Run 1', 'Run 2 → 57014', 'Run 3'])
  })

  it('are not put together across something else, which happened between them', () => {
    const items = foldQueries([query('SELECT a', 2), entry('call', 'GET /x'), query('SELECT a', 2)])
    expect(said(items)).toEqual(['SELECT a', 'GET /x', 'SELECT a'])
  })

  it('are one line also where a phase is told of between them, which lasts meanwhile', () => {
    const items = foldQueries([
      ...[query('SELECT a', 4), query('SELECT a', 4), entry('phase', 'Handler')],
      ...[query('SELECT a', 4), query('SELECT a', 4)],
    ])
    expect(said(items)).toEqual(['4 × SELECT a', 'Handler'])
  })

  it('are where they begin, also when phases are told of before they end', () => {
    const items = foldQueries([
      ...[query('SELECT b'), entry('phase', 'Handler'), query('SELECT a', 4)],
      ...[query('SELECT a', 4), entry('phase', 'Sending'), entry('answer', 'Answered 200')],
    ])
    expect(said(items)).toEqual(['SELECT b', 'Handler', '2 × SELECT a', 'Sending', 'Answered 200'])
  })

  it('that are many and differ are a few lines and one for the rest, and none is lost', () => {
    const entries = Array.from({ length: 200 }, (_, index) => query(`SELECT ${index}`))
    const items = foldQueries([...entries, entry('crash', 'no')])
    expect(said(items).slice(-3)).toEqual(['SELECT 10', '189 × several', 'no'])
    expect(items).toHaveLength(13)
    expect(items.flatMap(entriesIn)).toHaveLength(201)
  })
})
