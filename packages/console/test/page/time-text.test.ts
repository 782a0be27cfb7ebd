import { describe, expect, it } from 'vitest'
import {
  agoText,
  axisText,
  durationText,
  localText,
  spanText,
  utcText,
} from '../../page/components/time-text.js'

const NOW = Date.UTC(2026, 10, 26, 12, 0, 0)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('how long ago something was', () => {
  it('counts no seconds, so that nothing on the page jumps', () => {
    for (const ms of [0, 1_000, 59_999]) expect(agoText(NOW - ms, NOW)).toBe('just now')
    expect(agoText(NOW - MINUTE, NOW)).toBe('1 min ago')
  })

  it('is in the largest unit, rounded down', () => {
    expect(agoText(NOW - 59 * MINUTE - 59_000, NOW)).toBe('59 min ago')
    expect(agoText(NOW - 25 * HOUR, NOW)).toBe('25 h ago')
    expect(agoText(NOW - 2 * DAY, NOW)).toBe('2 d ago')
    expect(agoText(NOW - 61 * DAY, NOW)).toBe('2 mo ago')
    expect(agoText(NOW - 800 * DAY, NOW)).toBe('2 y ago')
  })

  it('takes a clock that is a little ahead for now, and says what is to come', () => {
    expect(agoText(NOW + 30_000, NOW)).toBe('just now')
    expect(agoText(NOW + 3 * HOUR, NOW)).toBe('in 3 h')
  })
})

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [0.04, '0 ms'],
    [0.44, '0.4 ms'],
    [9.96, '10 ms'],
    [38.4, '38 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1_250, '1.25 s'],
    [12_340, '12.3 s'],
    [125_000, '2 min 5 s'],
    [2 * HOUR, '2 h'],
    [DAY + 3 * HOUR, '1 d 3 h'],
  ])('of %d ms reads %s', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })

  it('below a second is in seconds where only whole units count', () => {
    expect(spanText(999)).toBe('0 s')
    expect(spanText(-5)).toBe('0 s')
  })
})

describe('an exact time', () => {
  it('is in UTC to the millisecond', () => {
    expect(utcText(Date.UTC(2026, 0, 2, 3, 4, 5, 60))).toBe('2026-01-02 03:04:05.060 UTC')
    expect(utcText(Number.NaN)).toBe('no valid time')
  })

  it("is in the reader's zone, on its day", () => {
    const lateInUtc = Date.UTC(2026, 10, 26, 23, 30)
    expect(localText(lateInUtc, 'Asia/Tokyo', 'en-GB')).toContain('27 Nov 2026')
    expect(localText(lateInUtc, 'UTC', 'en-GB')).toContain('26 Nov 2026')
  })

  it('is on an axis the hour within two days, else the day', () => {
    expect(axisText(NOW, DAY, 'en-GB', 'Europe/Stockholm')).toBe('13:00')
    expect(axisText(NOW, 7 * DAY, 'en-GB', 'Europe/Stockholm')).toBe('26 Nov')
  })
})
