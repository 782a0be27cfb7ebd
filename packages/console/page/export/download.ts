import { ByteRows } from './byte-rows.js'

/** How far a download has come. */
export interface DownloadProgress {
  readonly rows: number
  readonly bytes: number
}

/** What a download takes. */
export interface DownloadOptions {
  readonly format: 'csv' | 'jsonl'
  readonly signal: AbortSignal
  /** Called after each piece. */
  readonly onProgress: (progress: DownloadProgress) => void
  /** @default 536870912, 512 MB */
  readonly maxBytes?: number
}

/** The export is larger than what the page gathers. */
export class DownloadTooLargeError extends Error {
  readonly maxBytes: number

  constructor(maxBytes: number) {
    super(`it is larger than ${Math.round(maxBytes / 1_048_576)} MB; filter it further`)
    this.name = 'DownloadTooLargeError'
    this.maxBytes = maxBytes
  }
}

const DEFAULT_MAX_BYTES = 512 * 1_048_576
/** Pieces up to so many bytes lie in the page's memory; then they are handed to the browser, which keeps large Blobs in files. */
const GATHERED_BYTES = 8 * 1_048_576

/**
 * Reads an answer to its end as a Blob. Its bytes are never one array, and the page's memory stays bounded.
 *
 * @throws DownloadTooLargeError; what `signal` was aborted with; what the connection broke with
 */
export async function gatherDownload(
  response: Response,
  { format, signal, onProgress, maxBytes = DEFAULT_MAX_BYTES }: DownloadOptions,
): Promise<Blob> {
  const type = response.headers.get('content-type') ?? 'application/octet-stream'
  const counter = new ByteRows(format)
  let whole = new Blob([], { type })
  let gathered: Uint8Array<ArrayBuffer>[] = []
  let gatheredBytes = 0
  let bytes = 0
  const reader = response.body?.getReader()
  if (reader === undefined) return whole
  try {
    for (;;) {
      signal.throwIfAborted()
      const { done, value } = await reader.read()
      if (done) break
      bytes += value.byteLength
      if (bytes > maxBytes) throw new DownloadTooLargeError(maxBytes)
      counter.add(value)
      gathered.push(value)
      gatheredBytes += value.byteLength
      if (gatheredBytes >= GATHERED_BYTES) {
        whole = new Blob([whole, ...gathered], { type })
        gathered = []
        gatheredBytes = 0
      }
      onProgress({ rows: counter.rows, bytes })
    }
    return new Blob([whole, ...gathered], { type })
  } finally {
    // Of a connection that goes on: the server stops once it is closed.
    await reader.cancel().catch(() => undefined)
  }
}

/** A name for the file: kind, time and ending. */
export function fileNameOf(kind: string, format: 'csv' | 'jsonl', now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-')
  return `${kind.replaceAll('_', '-')}-${time}.${format}`
}
