import type { ServerResponse } from 'node:http'

/** A response of HTTP/2 stands for its stream. */
type Answer = ServerResponse & { readonly stream?: { readonly aborted: boolean } }

/**
 * Calls back once, when an answer has ended: with true when all of it was sent, with false when its connection ended before.
 *
 * No single field of the response says so everywhere. `inject` never sets `writableFinished`. Over HTTP/2 both that field and the
 * event `finish` come for an answer that broke off as well; there the stream's `aborted` is read.
 */
export function onAnswerEnd(raw: ServerResponse, callback: (isWhole: boolean) => void): void {
  let isFinished = false
  raw.once('finish', () => {
    isFinished = true
  })
  raw.once('close', () => callback(isFinished && (raw as Answer).stream?.aborted !== true))
}
