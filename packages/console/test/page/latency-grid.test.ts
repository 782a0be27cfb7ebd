import { describe, expect, it } from 'vitest'
import { latencyGrid, stepFor, strengthOf } from '../../page/slow/latency-grid.js'

const MINUTE = 60_000
const span = { fromMs: 0, toMs: 4 * MINUTE, bucketMs: MINUTE }
const figures = {
  calls: 0,
  failed: 0,
  slow: 0,
  stuck: 0,
  aborted: 0,
  meanMs: 0,
  minMs: 0,
  maxMs: 0,
  p50Ms: 1,
  p95Ms: 2,
  p99Ms: 3,
  buckets: [],
}

describe('the histogram of a route over time', () => {
  it('counts each bucket once although the buckets are cumulative', () => {
    const over = [
      {
        ...figures,
        at: MINUTE,
        buckets: [
          { leMs: 3, count: 5 },
          { leMs: 3.5, count: 7 },
          { leMs: 16, count: 10 },
        ],
      },
    ]
    const grid = latencyGrid({ over }, span)
    expect(grid.times).toEqual([0, MINUTE, 2 * MINUTE, 3 * MINUTE])
    expect(grid.rows).toEqual([
      { fromMs: 2, toMs: 4 },
      { fromMs: 4, toMs: 8 },
      { fromMs: 8, toMs: 16 },
    ])
    expect(grid.counts).toEqual([
      [0, 0, 0],
      [7, 0, 3],
      [0, 0, 0],
      [0, 0, 0],
    ])
    expect(grid.most).toBe(7)
  })

  it('puts a millisecond and less into one row', () => {
    const over = [
      {
        ...figures,
        at: 0,
        buckets: [
          { leMs: 0.1, count: 1 },
          { leMs: 1, count: 3 },
        ],
      },
    ]
    expect(latencyGrid({ over }, span).rows).toEqual([{ fromMs: 0, toMs: 1 }])
    expect(latencyGrid({ over }, span).counts[0]).toEqual([3])
  })

  it('has no rows without calls, and leaves out what lies outside of the span', () => {
    expect(latencyGrid({ over: [] }, span)).toMatchObject({ rows: [], most: 0 })
    const over = [{ ...figures, at: 9 * MINUTE, buckets: [{ leMs: 1, count: 3 }] }]
    expect(latencyGrid({ over }, span).most).toBe(0)
  })

  it('shows few slow calls among many quick ones', () => {
    expect([0, 1, 100, 10_000].map((count) => strengthOf(count, 10_000))).toEqual([0, 1, 1, 4])
    expect(strengthOf(2_600, 10_000)).toBe(3)
  })

  it('has steps that people count in', () => {
    const hour = 60 * MINUTE
    expect([hour, 24 * hour, 7 * 24 * hour, 30 * 24 * hour].map(stepFor)).toEqual([
      MINUTE,
      30 * MINUTE,
      3 * hour,
      12 * hour,
    ])
  })
})
