import type { Span } from './spread-counts.js'
import type { Stack } from './stack.js'

/** A moment that a chart marks. */
export interface Marker {
  readonly at: number
  readonly label: string
}

/** A custom property of a series' colour, without its dashes: `series-1`. */
export type SeriesColor = `series-${number}`

/** What is drawn, and what is told of it. */
export interface Drawing {
  readonly stack: Stack
  readonly span: Span
  /** A colour for each series. */
  readonly colors: readonly SeriesColor[]
  readonly markers: readonly Marker[]
  readonly heightPx: number
  /** The pointer is over a bucket, or over none. */
  onPoint(index: number | undefined): void
}
