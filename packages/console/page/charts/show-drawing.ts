import { watchColors } from './canvas-colors.js'
import type { Drawing } from './drawing.js'

/** Loads the library that draws before there is anything to draw. */
export function preloadDrawing(): void {
  // Where it cannot be loaded, the chart that needs it says so.
  import('./draw-stack.js').catch(() => undefined)
}

/**
 * Draws into an element, and draws again when its width or the theme changes. The library that draws is loaded first; where it cannot be, as in
 * a browser whose language it does not understand, the promise is rejected.
 *
 * @returns a function that takes the drawing away
 */
export async function showDrawing(element: HTMLElement, drawing: Drawing): Promise<() => void> {
  const { drawStack } = await import('./draw-stack.js')
  let chart = drawStack(element, drawing)
  const resized = new ResizeObserver(() => {
    const { clientWidth } = element
    if (clientWidth > 0 && clientWidth !== chart.width)
      chart.setSize({ width: clientWidth, height: drawing.heightPx })
  })
  resized.observe(element)
  const unwatch = watchColors(() => {
    chart.destroy()
    chart = drawStack(element, drawing)
  })
  return () => {
    resized.disconnect()
    unwatch()
    chart.destroy()
  }
}
