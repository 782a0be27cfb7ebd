import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { OptionsError, ReceiverAnswerError } from '../errors.js'
import type { RetryAdvice } from './reporter.js'

/** A longer body of an answer is not let pass. */
const MAX_IGNORED_BYTES = 65_536
/** Nor is one that stands still for so long. */
const RELEASE_MS = 5_000

/** One message to a receiver. */
export interface Message {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** The name and the URL of an option that must be an HTTP URL. @throws SCS_REPORTER_ERR_OPTIONS */
export function checkUrl(option: string, url: unknown): asserts url is string {
  const isHttp =
    typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  // The URL itself may be the secret, as with Slack: it is not shown.
  if (!isHttp) throw new OptionsError(option, 'an http or https URL', 'something else')
}

/**
 * Posts JSON. By node:http, which takes half the time of fetch; a redirect is not followed, as a report is for nobody else.
 *
 * @throws SCS_REPORTER_ERR_ANSWER for any answer but 2xx, with the advice whether to try again; what the connection throws
 */
export async function postJson(message: Message): Promise<void> {
  const { host, protocol } = new URL(message.url)
  const response = await answerTo(message, protocol === 'https:' ? https.request : http.request)
  release(response)
  const { statusCode: status = 0 } = response
  if (status >= 200 && status < 300) return
  throw Object.assign(new ReceiverAnswerError(host, status), adviceOf(status, response.headers))
}

function answerTo(
  { url, body, headers, signal }: Message,
  request: typeof http.request,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const length = Buffer.byteLength(body)
    const common = { 'content-type': 'application/json', 'content-length': length }
    request(url, { method: 'POST', headers: { ...common, ...headers }, signal })
      .on('response', resolve)
      .on('error', reject)
      .end(body)
  })
}

/** Nobody reads the body: a short one is let pass, so that the connection can be used again. */
function release(response: IncomingMessage): void {
  let bytes = 0
  response
    .on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MAX_IGNORED_BYTES) response.destroy()
    })
    // It may still break off.
    .on('error', () => undefined)
    .setTimeout(RELEASE_MS, () => response.destroy())
}

function adviceOf(status: number, headers: IncomingHttpHeaders): RetryAdvice {
  const isWorthwhile = status >= 500 || status === 408 || status === 429
  if (!isWorthwhile) return { isFinal: true }
  const seconds = Number(headers['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}
}
