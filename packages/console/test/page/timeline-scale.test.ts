import { describe, expect, it } from 'vitest'
import { barOf, barsOf, scaleOf, ticksOf } from '../../page/report/timeline-scale.js'
import type { TimelineEntry } from '../../src/api/model.js'

function entry(at: number, durationMs: number | null): TimelineEntry {
  return { at, durationMs, what: 'call', title: '', isFailed: false, times: null, record: null }
}

describe('a time line', () => {
  it('goes from the first beginning to the last end', () => {
    expect(scaleOf([entry(100, null), entry(120, 300), entry(200, 10)])).toEqual({
      from: 100,
      to: 420,
    })
  })

  it('of one moment, or of nothing, still has a length', () => {
    expect(scaleOf([entry(100, null)])).toEqual({ from: 100, to: 101 })
    expect(scaleOf([])).toEqual({ from: 0, to: 1 })
  })

  it('has its bars where they belong, and each can be seen', () => {
    const scale = { from: 0, to: 1_000 }
    expect(barOf(entry(250, 500), scale)).toEqual({ left: 25, width: 50 })
    const last = barOf(entry(1_000, null), scale)
    expect(last.width).toBeGreaterThan(0)
    expect(last.left + last.width).toBeLessThanOrEqual(100)
  })

  it('has one bar for entries that would be drawn onto each other, and a few for thousands', () => {
    const scale = { from: 0, to: 1_000 }
    const entries = [entry(0, 100), entry(50, 100), entry(60, 10), entry(150, 50), entry(700, 100)]
    expect(barsOf(entries, scale)).toEqual([
      { left: 0, width: 15 },
      { left: 15, width: 5 },
      { left: 70, width: 10 },
    ])
    const many = Array.from({ length: 5_000 }, (_, index) => entry(index / 5, 0.1))
    expect(barsOf(many.reverse(), scale)).toEqual([{ left: 0, width: 100 }])
  })

  it('has a few round marks', () => {
    expect(ticksOf({ from: 0, to: 1_510 })).toEqual([0, 500, 1_000])
    expect(ticksOf({ from: 50, to: 60 })).toEqual([0, 2, 4, 6, 8])
    expect(ticksOf({ from: 0, to: 86_400_000 }).length).toBeLessThanOrEqual(6)
  })
})
