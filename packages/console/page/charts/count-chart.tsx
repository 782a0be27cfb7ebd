import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Series } from '../../src/api/model.js'
import { ChartLegend } from './chart-legend.js'
import { ChartTable } from './chart-table.js'
import type { Marker, SeriesColor } from './drawing.js'
import { showDrawing } from './show-drawing.js'
import type { Span } from './spread-counts.js'
import { stackOf, summaryOf } from './stack.js'

/** Height of the drawing, in pixels. */
const HEIGHT_PX = 150

/** What is drawn, and how. */
export interface CountChartProps {
  readonly label: string
  readonly series: readonly Series[]
  readonly span: Span
  /** A colour for each series, in their order. */
  readonly colors: readonly SeriesColor[]
  readonly markers?: readonly Marker[]
}

/**
 * Counts over time as stacked bars. What is drawn is said in a sentence too, and is there as a table.
 */
export function CountChart({ label, series, span, colors, markers = [] }: CountChartProps) {
  const into = useRef<HTMLDivElement>(null)
  const [pointed, setPointed] = useState<number>()
  const [hasFailed, setFailed] = useState(false)
  const stack = useMemo(() => stackOf(series, span), [series, span])
  useEffect(() => {
    const element = into.current
    if (element === null) return
    const drawing = { stack, span, colors, markers, heightPx: HEIGHT_PX, onPoint: setPointed }
    const shown = showDrawing(element, drawing)
    shown.catch(() => setFailed(true))
    return () => void shown.then((end) => end()).catch(() => undefined)
  }, [stack, span, colors, markers])
  return (
    <figure class="chart">
      <div
        ref={into}
        class={hasFailed ? 'hidden' : 'chart-drawing'}
        role="img"
        aria-label={`${label}. ${summaryOf(series, stack)}`}
      />
      <ChartLegend series={series} stack={stack} colors={colors} pointed={pointed} />
      <ChartTable
        isOpen={hasFailed}
        label={label}
        series={series}
        stack={stack}
        markers={markers}
      />
    </figure>
  )
}
