import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { axisText } from '../components/time-text.js'
import { canvasColors } from './canvas-colors.js'
import type { Drawing, Marker } from './drawing.js'

/** Between the lines of the axis of counts. */
const COUNT_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6] as const

/** Draws stacked bars into an element. The chart is to be destroyed before the element is used again. */
export function drawStack(into: HTMLElement, drawing: Drawing): uPlot {
  const { stack, span, colors, markers, heightPx } = drawing
  const paint = canvasColors(into, [...colors, 'grid', 'ink-muted', 'line-strong', 'surface'])
  const bars = uPlot.paths.bars?.({ size: [0.82, 48], align: 1 })
  // The highest first: each covers the lower part of the one behind it.
  const order = stack.heights.map((_, index) => index).reverse()
  const axis = {
    stroke: paint['ink-muted'],
    font: '11px system-ui, sans-serif',
    ticks: { show: false },
  }
  return new uPlot(
    {
      width: Math.max(1, into.clientWidth),
      height: heightPx,
      ms: 1,
      padding: [14, 18, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: false, y: false },
      },
      scales: {
        x: { time: true, range: [span.from, endOf(span)] },
        y: { range: (_, _low, high) => [0, Math.max(4, Math.ceil((high ?? 0) * 1.05))] },
      },
      axes: [
        {
          ...axis,
          size: 26,
          space: 64,
          grid: { show: false },
          values: (_, splits) => splits.map((at) => axisText(at, span.to - span.from)),
        },
        {
          ...axis,
          size: 38,
          space: 34,
          grid: { stroke: paint.grid, width: 1 },
          // Counts are whole.
          incrs: [...COUNT_STEPS],
          values: (_, splits) => splits.map(short),
        },
      ],
      series: [
        {},
        ...order.map((index) => ({
          fill: paint[colors[index] ?? 'series-8'] ?? paint['ink-muted'],
          stroke: 'transparent',
          width: 0,
          points: { show: false },
          ...(bars === undefined ? {} : { paths: bars }),
        })),
      ],
      hooks: {
        draw: [(chart) => drawMarkers(chart, markers, paint['ink-muted'])],
        setCursor: [
          ({ cursor }) => {
            const isOver = cursor.left !== undefined && cursor.left >= 0
            drawing.onPoint(isOver ? (cursor.idx ?? undefined) : undefined)
          },
        ],
      },
    },
    [[...stack.at], ...order.map((index) => [...(stack.heights[index] ?? [])])],
    into,
  )
}

function drawMarkers(chart: uPlot, markers: readonly Marker[], color: string): void {
  const { ctx, bbox } = chart
  const ratio = uPlot.pxRatio
  ctx.save()
  ctx.strokeStyle = color
  ctx.fillStyle = color
  ctx.lineWidth = ratio
  ctx.font = `${10 * ratio}px system-ui, sans-serif`
  ctx.textAlign = 'left'
  let freeFrom = 0
  for (const { at, label } of markers) {
    const x = Math.round(chart.valToPos(at, 'x', true))
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.setLineDash([3 * ratio, 3 * ratio])
    ctx.beginPath()
    ctx.moveTo(x, bbox.top - 4 * ratio)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    const width = ctx.measureText(label).width
    const start = Math.min(x - 2 * ratio, bbox.left + bbox.width - width)
    // Labels that would lie upon each other are left out; the legend has them all.
    if (start < freeFrom) continue
    ctx.fillText(label, start, bbox.top - 5 * ratio)
    freeFrom = start + width + 8 * ratio
  }
  ctx.restore()
}

function short(count: number): string {
  if (count < 10_000) return String(count)
  return count < 1_000_000
    ? `${Math.round(count / 1_000)}K`
    : `${Math.round(count / 100_000) / 10}M`
}

/** The last bucket is shown whole, though a part of it is still to come. */
function endOf({ from, to, bucketMs }: Drawing['span']): number {
  return from + Math.ceil((to - from) / bucketMs) * bucketMs
}
