import { watchColors } from './canvas-colors.js'
import type { Drawing } from './drawing.js'

/** Loads the library that draws before there is anything to draw. */
export function preloadDrawing(): void {
  // Where it cannot be loaded, the chart that needs it says so.
  loadDrawing().catch(() => undefined)
}

/**
 * Draws into an element, and draws again when its width or the theme changes. The library that draws is loaded first; where it cannot be, the promise is rejected.
 *
 * @returns a function that takes the drawing away
 */
export async function showDrawing(element: HTMLElement, drawing: Drawing): Promise<() => void> {
  const { drawStack } = await loadDrawing()
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

/** uPlot formats a number as it is loaded, and throws where the browser's language is no language tag, such as `en-US@posix`. */
async function loadDrawing(): Promise<typeof import('./draw-stack.js')> {
  if (isLanguageTag(navigator.language)) return import('./draw-stack.js')
  Object.defineProperty(navigator, 'language', { configurable: true, value: 'en-US' })
  try {
    return await import('./draw-stack.js')
  } finally {
    // What was put before the browser's own is taken away again.
    Reflect.deleteProperty(navigator, 'language')
  }
}

function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}
