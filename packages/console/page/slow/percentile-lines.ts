import type { RouteRow } from '../../src/api/model.js'
import type { LatencyGrid } from './latency-grid.js'

/**
 * A percentile over time as steps within a grid: for each run of columns that have calls the points of a line, x in columns and y in rows
 * from the top.
 */
export function percentileLines(
  { times, bucketMs, rows }: LatencyGrid,
  over: RouteRow['over'],
  percentileMs: (figures: RouteRow['over'][number]) => number,
): readonly string[] {
  const [first] = rows
  const [start] = times
  if (first === undefined || start === undefined) return []
  const lowest = Math.log2(first.toMs) - 1
  const lines: string[][] = []
  let columnBefore = Number.NaN
  for (const figures of [...over].sort((one, other) => one.at - other.at)) {
    const column = Math.floor((figures.at - start) / bucketMs)
    if (figures.calls === 0 || column < 0 || column >= times.length) continue
    const height = Math.log2(Math.max(percentileMs(figures), Number.MIN_VALUE)) - lowest
    const y = Number((rows.length - Math.min(rows.length, Math.max(0, height))).toFixed(2))
    const points = [`${column},${y}`, `${column + 1},${y}`]
    if (column === columnBefore + 1) lines.at(-1)?.push(...points)
    else lines.push(points)
    columnBefore = column
  }
  return lines.map((points) => points.join(' '))
}
