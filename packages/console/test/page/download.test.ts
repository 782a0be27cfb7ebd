import { describe, expect, it } from 'vitest'
import { ByteRows } from '../../page/export/byte-rows.js'
import {
  type DownloadProgress,
  DownloadTooLargeError,
  fileNameOf,
  gatherDownload,
} from '../../page/export/download.js'

const encoder = new TextEncoder()

function answerOf(pieces: readonly string[], onCancel?: () => void): Response {
  const left = [...pieces]
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = left.shift()
      if (piece === undefined) controller.close()
      else controller.enqueue(encoder.encode(piece))
    },
    cancel: () => onCancel?.(),
  })
  return new Response(body, { headers: { 'content-type': 'application/x-ndjson' } })
}

const quiet = { format: 'jsonl', onProgress: () => undefined } as const

describe('the download of an export', () => {
  it('gathers the bytes in their order and tells how far it has come', async () => {
    const told: DownloadProgress[] = []
    const blob = await gatherDownload(answerOf(['{"a":1}\n{"b"', ':2}\n']), {
      format: 'jsonl',
      signal: new AbortController().signal,
      onProgress: (progress) => told.push(progress),
    })
    expect(await blob.text()).toBe('{"a":1}\n{"b":2}\n')
    expect(blob.type).toBe('application/x-ndjson')
    expect(told).toEqual([
      { rows: 1, bytes: 12 },
      { rows: 2, bytes: 16 },
    ])
  })

  it('keeps the order when more arrives than lies in memory', async () => {
    const piece = 'x'.repeat(5 * 1_048_576)
    const blob = await gatherDownload(
      answerOf(['a', piece, 'b', piece, 'c', piece, 'd', piece, 'e']),
      {
        ...quiet,
        signal: new AbortController().signal,
      },
    )
    expect((await blob.text()).replaceAll(/x+/g, '-')).toBe('a-b-c-d-e')
  })

  it('leaves the connection when it is cancelled', async () => {
    const leaving = new AbortController()
    let isClosed = false
    const answer = answerOf(['{}\n', '{}\n', '{}\n'], () => {
      isClosed = true
    })
    const gathered = gatherDownload(answer, {
      format: 'jsonl',
      signal: leaving.signal,
      onProgress: () => leaving.abort(),
    })
    await expect(gathered).rejects.toMatchObject({ name: 'AbortError' })
    expect(isClosed).toBe(true)
  })

  it('ends at its limit, and closes the connection', async () => {
    let isClosed = false
    const answer = answerOf(['12345', '67890', 'more'], () => {
      isClosed = true
    })
    const gathered = gatherDownload(answer, {
      ...quiet,
      signal: new AbortController().signal,
      maxBytes: 8,
    })
    await expect(gathered).rejects.toBeInstanceOf(DownloadTooLargeError)
    expect(isClosed).toBe(true)
  })

  it('counts the rows of a CSV file without its heading, and no line end within quotes', () => {
    const rows = new ByteRows('csv')
    for (const piece of ['id,text\r\n1,"two\nlines', ' and ""quotes""\n"\r\n', '2,x\r\n'])
      rows.add(encoder.encode(piece))
    expect(rows.rows).toBe(2)
  })

  it('has a name by kind and time', () => {
    expect(fileNameOf('audit_events', 'csv', new Date('2026-11-26T12:34:56Z'))).toBe(
      'audit-events-2026-11-26-123456.csv',
    )
  })
})
