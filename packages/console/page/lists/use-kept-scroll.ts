import { useEffect, useLayoutEffect } from 'preact/hooks'

/** How long after a scroll its place is kept, in milliseconds: browsers allow only so many changes of the history's state. */
const SETTLED_MS = 120

/**
 * Keeps how far a list was scrolled in the browser's history, and returns there when one comes back to it.
 *
 * @param isReady whether the rows are there, so that there is something to scroll
 */
export function useKeptScroll(isReady: boolean): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const keep = (): void => {
      clearTimeout(timer)
      if (keptScroll() !== window.scrollY) keepScroll(window.scrollY)
    }
    const onScroll = (): void => {
      clearTimeout(timer)
      timer = setTimeout(keep, SETTLED_MS)
    }
    window.addEventListener('scroll', onScroll, { passive: true })
    // A click may lead away before the scroll has settled.
    document.addEventListener('click', keep, { capture: true })
    return () => {
      clearTimeout(timer)
      window.removeEventListener('scroll', onScroll)
      document.removeEventListener('click', keep, { capture: true })
    }
  }, [])
  useLayoutEffect(() => {
    if (!isReady) return
    const top = keptScroll()
    if (top > 0) window.scrollTo({ top })
  }, [isReady])
}

function keptScroll(): number {
  const state: unknown = history.state
  if (typeof state !== 'object' || state === null || !('scrollTop' in state)) return 0
  return typeof state.scrollTop === 'number' ? state.scrollTop : 0
}

function keepScroll(scrollTop: number): void {
  const state: unknown = history.state
  const kept = typeof state === 'object' && state !== null ? state : {}
  history.replaceState({ ...kept, scrollTop }, '')
}
