import type { Series } from '../../src/api/model.js'
import { bucketStarts, type Span, spreadCounts } from './spread-counts.js'

/** Series that are drawn on top of each other. */
export interface Stack {
  /** Start of each bucket, in milliseconds since 1970. */
  readonly at: readonly number[]
  /** What is drawn: of each series its own counts and those of the series below it. */
  readonly heights: readonly (readonly number[])[]
  /** The counts of each series by itself. */
  readonly counts: readonly (readonly number[])[]
  readonly totals: readonly number[]
}

/** Puts series onto each other, the first at the bottom. */
export function stackOf(series: readonly Series[], span: Span): Stack {
  const counts = series.map(({ points }) => spreadCounts(points, span))
  const heights: number[][] = []
  for (const own of counts) {
    const below = heights.at(-1)
    heights.push(own.map((count, index) => count + (below?.[index] ?? 0)))
  }
  const totals = counts.map((own) => own.reduce((sum, count) => sum + count, 0))
  return { at: bucketStarts(span), heights, counts, totals }
}

/** What a chart shows, in a sentence. */
export function summaryOf(series: readonly Series[], stack: Stack): string {
  const parts = series.map(({ name }, index) => `${name} ${stack.totals[index] ?? 0}`)
  if (stack.totals.every((total) => total === 0)) return 'Nothing in this time.'
  const sums = stack.heights.at(-1) ?? []
  return `In all: ${parts.join(', ')}. At most ${Math.max(0, ...sums)} in one span.`
}
