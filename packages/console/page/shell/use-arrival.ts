import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { useLocation } from 'wouter-preact'

/** Brings the reader to the top of a view that was opened, and the focus to its heading, so that a screen reader reads where one is. */
export function useArrival(): void {
  const [path] = useLocation()
  const isPushed = useRef(false)
  const before = useRef(path)
  useEffect(() => {
    const onPush = (): void => {
      isPushed.current = true
    }
    const onPop = (): void => {
      // The browser knows where the reader was on the page before.
      isPushed.current = false
    }
    window.addEventListener('pushState', onPush)
    window.addEventListener('popstate', onPop)
    return () => {
      window.removeEventListener('pushState', onPush)
      window.removeEventListener('popstate', onPop)
    }
  }, [])
  useLayoutEffect(() => {
    if (before.current === path) return
    before.current = path
    if (isPushed.current) window.scrollTo(0, 0)
    document.getElementById('page-heading')?.focus({ preventScroll: true })
  }, [path])
}
