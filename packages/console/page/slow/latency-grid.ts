import type { RouteRow } from '../../src/api/model.js'

/** How many calls of a route took how long, by time: columns of time, rows of duration. */
export interface LatencyGrid {
  /** When each column begins, in milliseconds since 1970; none is left out. */
  readonly times: readonly number[]
  readonly bucketMs: number
  /** Durations of the rows, the quickest first, each from above the one before up to `toMs`. */
  readonly rows: readonly { readonly fromMs: number; readonly toMs: number }[]
  /** `counts[column][row]`. */
  readonly counts: readonly (readonly number[])[]
  /** The highest count of a cell. */
  readonly most: number
}

/** The histograms of a route over time as a grid whose rows are powers of two, so that a doubling is a step up. */
export function latencyGrid(route: Pick<RouteRow, 'over'>, span: TimeSpan): LatencyGrid {
  const { fromMs, toMs, bucketMs } = span
  const columns = Math.max(0, Math.min(MAX_COLUMNS, Math.ceil((toMs - fromMs) / bucketMs)))
  const times = Array.from({ length: columns }, (_, column) => fromMs + column * bucketMs)
  const cells = times.map(() => new Map<number, number>())
  for (const { at, buckets } of route.over) {
    const cell = cells[Math.floor((at - fromMs) / bucketMs)]
    if (cell === undefined) continue
    let before = 0
    for (const { leMs, count } of buckets) {
      const step = stepOf(leMs)
      cell.set(step, (cell.get(step) ?? 0) + count - before)
      before = count
    }
  }
  const steps = cells.flatMap((cell) => [...cell.keys()])
  if (steps.length === 0) return { times, bucketMs, rows: [], counts: times.map(() => []), most: 0 }
  const lowest = Math.min(...steps)
  const highest = Math.max(...steps)
  const rows = Array.from({ length: highest - lowest + 1 }, (_, row) => ({
    fromMs: lowest + row <= 0 ? 0 : 2 ** (lowest + row - 1),
    toMs: 2 ** (lowest + row),
  }))
  const counts = cells.map((cell) => rows.map((_, row) => cell.get(lowest + row) ?? 0))
  return { times, bucketMs, rows, counts, most: Math.max(...counts.flat()) }
}

/** A span of time that is shown in steps; milliseconds since 1970, `toMs` not included. */
export interface TimeSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly bucketMs: number
}

const MAX_COLUMNS = 400

/** The power of two that a duration lies below; all of a millisecond and less are one step. */
function stepOf(leMs: number): number {
  // Bounds of the histogram lie a hair above or on a power of two.
  return Math.max(0, Math.ceil(Math.log2(Math.max(leMs, Number.MIN_VALUE)) - 0.01))
}

/** How strongly a cell is coloured, 0 to 4: by the root of its share, so that few slow calls among many quick ones are seen. */
export function strengthOf(count: number, most: number): number {
  return count === 0 || most === 0 ? 0 : Math.max(1, Math.ceil(Math.sqrt(count / most) * 4))
}

/** The width of the steps that a span is shown in: 60 or fewer of them, of a length that people count in, in milliseconds. */
export function stepFor(spanMs: number): number {
  return (
    STEPS_MS.find((step) => spanMs / step <= 60) ?? 86_400_000 * Math.ceil(spanMs / 86_400_000 / 60)
  )
}

const MINUTE_MS = 60_000
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((each) => each * MINUTE_MS)
