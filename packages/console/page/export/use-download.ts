import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { ListedKind } from '../../src/api/model.js'
import { ApiFailure, type ApiQuery, readFailure } from '../api/client.js'
import { useApi } from '../api/context.js'
import { countOf } from '../components/number-text.js'
import { useToast } from '../shell/toasts.js'
import { type DownloadProgress, fileNameOf, gatherDownload } from './download.js'

/** How often the progress is shown anew, in milliseconds. */
const SHOWN_EACH_MS = 150

/** A download of a list; undefined `progress` while there is none. It ends when one leaves the view. */
export interface ListDownload {
  readonly progress: DownloadProgress | undefined
  start(format: 'csv' | 'jsonl'): void
  cancel(): void
}

/** Downloads what a list is filtered by. */
export function useDownload(kind: ListedKind, query: ApiQuery): ListDownload {
  const api = useApi()
  const toast = useToast()
  const running = useRef<AbortController>()
  const [progress, setProgress] = useState<DownloadProgress>()
  useEffect(() => () => running.current?.abort(), [])
  const start = async (format: 'csv' | 'jsonl'): Promise<void> => {
    const leaving = new AbortController()
    running.current = leaving
    setProgress({ rows: 0, bytes: 0 })
    try {
      const url = api.url(`export/${kind}`, { ...query, format })
      const { blob, rows } = await download(url, format, leaving.signal, setProgress)
      save(blob, fileNameOf(kind, format, new Date()))
      toast({ text: `Exported ${countOf(rows, 'row')}` })
    } catch (error) {
      if (leaving.signal.aborted) toast({ text: 'Export cancelled' })
      else toast({ text: `The export failed: ${messageOf(error)}`, kind: 'failed' })
    } finally {
      setProgress(undefined)
    }
  }
  const cancel = useCallback(() => running.current?.abort(), [])
  return { progress, start: (format) => void start(format), cancel }
}

async function download(
  url: string,
  format: 'csv' | 'jsonl',
  signal: AbortSignal,
  show: (progress: DownloadProgress) => void,
): Promise<{ readonly blob: Blob; readonly rows: number }> {
  const answer = await fetch(url, { signal })
  if (!answer.ok) {
    const { id = '', message = `the service answered ${answer.status}` } = readFailure(
      await answer.text(),
    )
    throw new ApiFailure(answer.status, id, message)
  }
  let last: DownloadProgress = { rows: 0, bytes: 0 }
  let shownAt = 0
  const onProgress = (progress: DownloadProgress): void => {
    last = progress
    const now = performance.now()
    if (now - shownAt < SHOWN_EACH_MS) return
    shownAt = now
    show(progress)
  }
  const blob = await gatherDownload(answer, { format, signal, onProgress })
  return { blob, rows: last.rows }
}

/** Hands a file to the browser. */
function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
