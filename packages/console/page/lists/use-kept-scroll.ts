import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'

/** How long after a scroll its place is kept, in milliseconds: browsers allow only so many changes of the history's state. */
const SETTLED_MS = 120

/**
 * Keeps how far a list was scrolled in the browser's history, and returns there when one comes back to it. Another page of the list begins at its top.
 *
 * @param isReady whether the rows are there, so that there is something to scroll
 * @returns a ref for the element around the list
 */
export function useKeptScroll(
  isReady: boolean,
  page: string | undefined,
): RefObject<HTMLDivElement> {
  const list = useRef<HTMLDivElement>(null)
  const pageBefore = useRef(page)
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
    else if (page !== pageBefore.current) showTop(list.current)
    pageBefore.current = page
  }, [isReady, page])
  return list
}

function showTop(list: HTMLElement | null): void {
  if (list !== null && list.getBoundingClientRect().top < 0) list.scrollIntoView()
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
