import { expect, it } from 'vitest'
import { latencyGrid } from '../../page/slow/latency-grid.js'
import { percentileLines } from '../../page/slow/percentile-lines.js'
import type { RouteRow } from '../../src/api/model.js'

const figures = (at: number, p95Ms: number, calls = 10): RouteRow['over'][number] => ({
  ...{ at, calls, failed: 0, slow: 0, stuck: 0, aborted: 0, meanMs: 5, minMs: 1, maxMs: 16 },
  ...{ p50Ms: 4, p95Ms, p99Ms: 16 },
  buckets: [
    { leMs: 2, count: 1 },
    { leMs: 16, count: calls },
  ],
})
const over = [figures(30, 16), figures(0, 8), figures(10, 4), figures(20, 0, 0)]
// Rows up to 2, 4, 8 and 16 ms.
const grid = latencyGrid({ over }, { fromMs: 0, toMs: 40, bucketMs: 10 })

it('a percentile is a line of steps, a row higher for each doubling, and broken where there was no call', () => {
  expect(grid.rows.map(({ toMs }) => toMs)).toEqual([2, 4, 8, 16])
  expect(percentileLines(grid, over, ({ p95Ms }) => p95Ms)).toEqual(['0,1 1,1 1,2 2,2', '3,0 4,0'])
})

it('what lies outside of the rows is drawn at their edge', () => {
  const odd = [figures(0, 0), figures(10, 1_000)]
  expect(percentileLines(grid, odd, ({ p95Ms }) => p95Ms)).toEqual(['0,4 1,4 1,0 2,0'])
  expect(percentileLines({ ...grid, rows: [] }, odd, ({ p95Ms }) => p95Ms)).toEqual([])
})
