import { describe, expect, it } from 'vitest'
import { spreadCounts } from '../../page/charts/spread-counts.js'
import { stackOf, summaryOf } from '../../page/charts/stack.js'

const span = { from: 1_000, to: 1_040, bucketMs: 10 }

describe('counts over time', () => {
  it('have a zero for each bucket that the answer leaves out', () => {
    expect(spreadCounts([{ at: 1_010, count: 3 }], span)).toEqual([0, 3, 0, 0])
  })

  it('outside of the span are not shown', () => {
    const counts = [
      { at: 990, count: 9 },
      { at: 1_040, count: 9 },
    ]
    expect(spreadCounts(counts, span)).toEqual([0, 0, 0, 0])
  })

  it('are at most 1,000, whatever the span says', () => {
    expect(spreadCounts([], { from: 0, to: 1e12, bucketMs: 1 })).toHaveLength(1_000)
    expect(spreadCounts([], { from: 0, to: 10, bucketMs: 0 })).toEqual([])
  })
})

describe('series on top of each other', () => {
  const series = [
    { name: 'Crashes', points: [{ at: 1_000, count: 2 }] },
    {
      name: 'Slow',
      points: [
        { at: 1_000, count: 1 },
        { at: 1_030, count: 4 },
      ],
    },
  ]

  it('are as high as all that is below them', () => {
    const { heights, totals, at } = stackOf(series, span)
    expect(heights).toEqual([
      [2, 0, 0, 0],
      [3, 0, 0, 4],
    ])
    expect(totals).toEqual([2, 5])
    expect(at).toEqual([1_000, 1_010, 1_020, 1_030])
  })

  it('are told in a sentence', () => {
    const text = summaryOf(series, stackOf(series, span))
    expect(text).toBe('In all: Crashes 2, Slow 5. At most 4 in one span.')
    expect(summaryOf([], stackOf([], span))).toBe('Nothing in this time.')
  })
})
