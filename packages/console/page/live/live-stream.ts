import type { LiveLag, RecordRow } from '../../src/api/model.js'
import type { LiveEvent } from './live-tail.js'

/** How long records are gathered before they are shown, in milliseconds: a burst is drawn at once. */
const GATHERED_MS = 100
/** After how long a stream that was refused is asked for again, in milliseconds. One that broke is opened again by the browser. */
const AGAIN_MS = 5_000

/** What becomes of a stream. */
export interface LiveListener {
  /** In the order of arrival. */
  onEvents(events: readonly LiveEvent[]): void
  /** A group is new or has regressed. */
  onGroup(): void
}

/** Opens the live tail and keeps it open; the browser resumes it after the last record it has seen. Returns what closes it. */
export function openLiveStream(url: string, { onEvents, onGroup }: LiveListener): () => void {
  let source: EventSource
  let again: ReturnType<typeof setTimeout> | undefined
  let flush: ReturnType<typeof setTimeout> | undefined
  let gathered: LiveEvent[] = []
  const gather = (event: LiveEvent): void => {
    gathered.push(event)
    flush ??= setTimeout(() => {
      flush = undefined
      const events = gathered
      gathered = []
      onEvents(events)
    }, GATHERED_MS)
  }
  const open = (): void => {
    source = new EventSource(url)
    source.addEventListener('open', () => gather({ type: 'open' }))
    source.addEventListener('record', ({ data }) => {
      const row = parsed<RecordRow>(data)
      if (row !== undefined) gather({ type: 'record', row })
    })
    source.addEventListener('lag', ({ data }) => {
      const lag = parsed<LiveLag>(data)
      if (lag !== undefined) gather({ type: 'lag', lag })
    })
    source.addEventListener('group', onGroup)
    source.addEventListener('error', () => {
      gather({ type: 'lost' })
      if (source.readyState !== EventSource.CLOSED) return
      clearTimeout(again)
      again = setTimeout(open, AGAIN_MS)
    })
  }
  open()
  return () => {
    source.close()
    clearTimeout(again)
    clearTimeout(flush)
  }
}

function parsed<Value>(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value
  } catch {
    // Cut off by a proxy.
    return undefined
  }
}
