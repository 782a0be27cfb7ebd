import { describe, expect, it } from 'vitest'
import { timeOf, wholeOf } from '../src/times.js'

const nowMs = Date.parse('2026-11-26T12:00:00Z')

describe('a time that is typed', () => {
  it('may be a span, which goes into the past', () => {
    for (const [text, expected] of [
      ['-2h', '2026-11-26T10:00:00Z'],
      ['2h', '2026-11-26T10:00:00Z'],
      ['-30m', '2026-11-26T11:30:00Z'],
      ['-1.5d', '2026-11-25T00:00:00Z'],
      ['+1w', '2026-12-03T12:00:00Z'],
      ['-500ms', '2026-11-26T11:59:59.500Z'],
      ['now', '2026-11-26T12:00:00Z'],
    ] as const)
      expect(timeOf('--from', text, { nowMs }), text).toBe(Date.parse(expected))
  })

  it('goes into the future where only that can be meant', () => {
    expect(timeOf('--until', '2d', { nowMs, way: 'future' })).toBe(nowMs + 2 * 86_400_000)
    expect(timeOf('--until', '-2d', { nowMs, way: 'future' })).toBe(nowMs - 2 * 86_400_000)
  })

  it('may be ISO 8601 or milliseconds', () => {
    expect(timeOf('--from', '2026-11-26T10:00Z')).toBe(Date.parse('2026-11-26T10:00:00Z'))
    expect(timeOf('--from', String(nowMs))).toBe(nowMs)
  })

  it('is in UTC where it names no time zone, as the times of the tables are', () => {
    const zone = process.env.TZ
    process.env.TZ = 'America/New_York'
    try {
      for (const text of ['2026-11-26T10:00', '2026-11-26T10:00:00.000', '2026-11-26T05:00-05:00'])
        expect(timeOf('--from', text), text).toBe(Date.parse('2026-11-26T10:00:00Z'))
      expect(timeOf('--from', '2026-11-26')).toBe(Date.parse('2026-11-26T00:00:00Z'))
    } finally {
      if (zone === undefined) delete process.env.TZ
      else process.env.TZ = zone
    }
  })

  it('is refused when it is none, by the name of the option', () => {
    for (const text of ['yesterday', '2x', '', '12', '--', '-99999w', '+999999999w'])
      expect(() => timeOf('--from', text), text).toThrow(/--from takes ISO 8601/)
  })
})

it('a whole number is refused outside of its span', () => {
  expect(wholeOf('--limit', '7', 1, 10)).toBe(7)
  for (const text of ['0', '11', '1.5', '-1', 'x', '', '1e1'])
    expect(() => wholeOf('--limit', text, 1, 10), text).toThrow(/--limit takes a whole number/)
})
