import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { Table } from '../../src/output/table.js'

const COLUMNS = [
  { name: 'TIME' },
  { name: 'USER', leaveOut: 2 },
  { name: 'COUNT', isNumber: true, leaveOut: 1 },
  { name: 'TITLE', isFlexible: true },
  { name: 'ID', isWhole: true },
] as const
const plain = (_colour: unknown, text: string) => text
const ROW = ['18:03', 'ada', '7', 'the order has no customer, and nobody knows why', 'abc-1']

describe('a table', () => {
  it('has the width of its longest cells where nothing is to be cut', () => {
    const table = new Table(COLUMNS, { width: Number.POSITIVE_INFINITY, paint: plain })
    expect(table.lines([ROW])).toBe(
      [
        'TIME   USER  COUNT  TITLE                                            ID',
        '18:03  ada       7  the order has no customer, and nobody knows why  abc-1',
        '',
      ].join('\n'),
    )
  })

  it('fits the terminal: the flexible column is cut, others are left out, the id never', () => {
    for (let width = 120; width >= 40; width--) {
      const table = new Table(COLUMNS, { width, paint: plain })
      const lines = table.lines([ROW]).trimEnd().split('\n')
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(width)
      expect(lines[1]).toContain('abc-1')
    }
    const narrow = new Table(COLUMNS, { width: 42, paint: plain })
    expect(narrow.lines([ROW]).split('\n')[1]).toBe('18:03  the order has no customer, …  abc-1')
  })

  it('counts columns of the terminal, not characters', () => {
    const table = new Table(COLUMNS, { width: 60, paint: plain })
    const text = table.lines([
      ['18:03', '', '', '注文には顧客がいません👩‍👩‍👧、理由は誰も知りません', 'abc-1'],
    ])
    const [head = '', line = ''] = text.split('\n')
    expect(stringWidth(line)).toBeLessThanOrEqual(60)
    expect(stringWidth(line.slice(0, line.indexOf('abc-1')))).toBe(head.indexOf('ID'))
  })

  it('has its names once, however many pieces it is written in', () => {
    const table = new Table(COLUMNS, { width: 60, paint: plain })
    expect(table.lines([ROW])).toContain('TITLE')
    expect(table.lines([ROW])).not.toContain('TITLE')
  })

  it('shows control characters and marks of direction as escapes', () => {
    const table = new Table(COLUMNS, { width: 200, paint: plain })
    const text = table.lines([['', '', '', 'a\u001b[2J\u009b1m\u202e\n\r\u0007b', 'id']])
    expect(text).toContain('a\\u001b[2J\\u009b1m\\u202e\\u000a\\u000d\\u0007b')
  })
})
