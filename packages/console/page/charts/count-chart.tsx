import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Series } from '../../src/api/model.js'
import 'uplot/dist/uPlot.min.css'
import { watchColors } from './canvas-colors.js'
import { ChartLegend } from './chart-legend.js'
import { ChartTable } from './chart-table.js'
import { drawStack, type Marker, type SeriesColor } from './draw-stack.js'
import type { Span } from './spread-counts.js'
import { stackOf, summaryOf } from './stack.js'

/** Height of the drawing, in pixels. */
const HEIGHT_PX = 150

/**
 * Counts over time as stacked bars. What is drawn is said in a sentence too, and is there as a table.
 */
export function CountChart({
  label,
  series,
  span,
  colors,
  markers = [],
}: {
  label: string
  series: readonly Series[]
  span: Span
  /** A colour for each series, in their order. */
  colors: readonly SeriesColor[]
  markers?: readonly Marker[]
}) {
  const into = useRef<HTMLDivElement>(null)
  const [pointed, setPointed] = useState<number>()
  const stack = useMemo(() => stackOf(series, span), [series, span])
  useEffect(() => {
    const element = into.current
    if (element === null) return
    const draw = () =>
      drawStack(element, {
        stack,
        span,
        colors,
        markers,
        heightPx: HEIGHT_PX,
        onPoint: setPointed,
      })
    let chart = draw()
    const resized = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientWidth !== chart.width)
        chart.setSize({ width: element.clientWidth, height: HEIGHT_PX })
    })
    resized.observe(element)
    const unwatch = watchColors(() => {
      chart.destroy()
      chart = draw()
    })
    return () => {
      resized.disconnect()
      unwatch()
      chart.destroy()
    }
  }, [stack, span, colors, markers])
  return (
    <figure class="chart">
      <div ref={into} class="chart-drawing" role="img" aria-label={`${label}. ${summaryOf(series, stack)}`} />
      <ChartLegend series={series} stack={stack} colors={colors} pointed={pointed} />
      <ChartTable label={label} series={series} stack={stack} markers={markers} />
    </figure>
  )
}
