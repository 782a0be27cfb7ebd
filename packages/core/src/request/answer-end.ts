import type { ServerResponse } from 'node:http'

/** A response of HTTP/2 stands for its stream. */
type Answer = ServerResponse & { readonly stream?: { readonly aborted: boolean } }

/**
 * Calls back once, when an answer is over: whether all of it was sent, or its connection ended before that.
 *
 * None of the response's own fields says so everywhere. `inject` never sets `writableFinished`, and over HTTP/2 both that and the
 * event `finish` come for an answer that broke off, too; there the stream tells.
 */
export function onAnswerEnd(raw: ServerResponse, callback: (isWhole: boolean) => void): void {
  let isFinished = false
  raw.once('finish', () => {
    isFinished = true
  })
  raw.once('close', () => callback(isFinished && (raw as Answer).stream?.aborted !== true))
}
