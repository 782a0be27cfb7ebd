import { useQueryClient } from '@tanstack/preact-query'
import type { RefObject } from 'preact'
import { useEffect, useReducer } from 'preact/hooks'
import { useApi } from '../api/context.js'
import type { LiveQuery } from './live-query.js'
import { openLiveStream } from './live-stream.js'
import { EMPTY_TAIL, type LiveEvent, type LiveTail, tailAfter } from './live-tail.js'

/** The live tail of a query, and what tells it that one reads. */
export function useLiveTail(query: LiveQuery): readonly [LiveTail, (event: LiveEvent) => void] {
  const api = useApi()
  const queries = useQueryClient()
  const [tail, dispatch] = useReducer(tailAfter, EMPTY_TAIL)
  const url = api.url('live', query)
  useEffect(() => {
    dispatch({ type: 'cleared' })
    return openLiveStream(url, {
      onEvents: (events) => events.forEach(dispatch),
      onGroup: () => void queries.invalidateQueries({ queryKey: ['bell'] }),
    })
  }, [url, queries])
  return [tail, dispatch]
}

/** Pauses the tail while its top is out of sight. */
export function usePauseWhileScrolled(
  top: RefObject<HTMLElement>,
  dispatch: (event: LiveEvent) => void,
): void {
  useEffect(() => {
    if (top.current === null) return
    const observer = new IntersectionObserver(([entry]) => {
      if (entry === undefined) return
      dispatch({ type: entry.isIntersecting ? 'resume' : 'pause', reason: 'scrolled' })
    })
    observer.observe(top.current)
    return () => observer.disconnect()
  }, [top, dispatch])
}

/** Pauses the tail while the pointer, the focus or a selection is on its rows. */
export function usePauseWhileReading(
  rows: RefObject<HTMLElement>,
  dispatch: (event: LiveEvent) => void,
): void {
  useEffect(() => {
    const { current } = rows
    if (current === null) return
    let isHovered = false
    const tell = (): void => {
      const selection = document.getSelection()
      const isSelected =
        selection !== null && !selection.isCollapsed && selection.containsNode(current, true)
      const isReading = isHovered || isSelected || current.contains(document.activeElement)
      dispatch({ type: isReading ? 'pause' : 'resume', reason: 'reading' })
    }
    const onHover = ({ type, pointerType }: PointerEvent): void => {
      // A finger does not hover; it scrolls.
      isHovered = type === 'pointerenter' && pointerType === 'mouse'
      tell()
    }
    // The focus has moved on only after the event.
    const onFocus = (): void => void setTimeout(tell)
    current.addEventListener('pointerenter', onHover)
    current.addEventListener('pointerleave', onHover)
    current.addEventListener('focusin', onFocus)
    current.addEventListener('focusout', onFocus)
    document.addEventListener('selectionchange', tell)
    return () => {
      current.removeEventListener('pointerenter', onHover)
      current.removeEventListener('pointerleave', onHover)
      current.removeEventListener('focusin', onFocus)
      current.removeEventListener('focusout', onFocus)
      document.removeEventListener('selectionchange', tell)
    }
  }, [rows, dispatch])
}
