import { createHmac } from 'node:crypto'
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { showUrl } from '@fastify-scs/core/kit'
import { OptionsError, ReceiverAnswerError } from '../errors.js'
import { type ErrorReporter, namedReporter, type RetryAdvice } from './reporter.js'

/** Where a webhook reporter sends to. */
export interface WebhookOptions {
  /** An http or https URL. Anything else, undefined too, is refused at once: an environment variable may be missing. */
  readonly url: string | undefined
  /** Signs each report: `x-scs-signature: sha256=<hex HMAC of "<x-scs-timestamp>.<body>">`. */
  readonly secret?: string
  /** Headers to add. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Posts each report as JSON.
 *
 * @throws SCS_REPORTER_ERR_OPTIONS when the URL is not one
 */
export function webhookReporter({ url, secret, headers = {} }: WebhookOptions): ErrorReporter {
  checkUrl('webhookReporter.url', url)
  return namedReporter(
    'webhook',
    (_title, _message, report, { signal }) => {
      const body = JSON.stringify(report)
      const signature = secret === undefined ? {} : sign(body, secret)
      return postJson({ url, body, headers: { ...headers, ...signature }, signal })
    },
    { ignoresMessage: true },
  )
}

// The time is signed as well, so that a receiver can refuse an old report that was recorded and sent again.
function sign(body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const hmac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return { 'x-scs-timestamp': timestamp, 'x-scs-signature': `sha256=${hmac}` }
}

/** The connection of an answer with a longer body is closed. */
const MAX_IGNORED_BYTES = 65_536
/** So is that of an answer that stalls for so long. */
const RELEASE_MS = 5_000

/** One message to a receiver. */
export interface Message {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Checks the URL of a reporter, named by its option. @throws SCS_REPORTER_ERR_OPTIONS */
export function checkUrl(option: string, url: unknown): asserts url is string {
  const isHttp =
    typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  // A URL may be a secret itself, as with Slack: only what is no secret is shown.
  if (!isHttp) throw new OptionsError(option, 'an http or https URL', showUrl(url))
}

/**
 * Posts JSON. By node:http, which takes half the time of fetch. Redirects are not followed: a report is meant for this receiver only.
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

/** Reads and drops the body of an answer, so that the connection can be used again. */
function release(response: IncomingMessage): void {
  let bytes = 0
  response
    .on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MAX_IGNORED_BYTES) response.destroy()
    })
    // The connection may still break.
    .on('error', () => undefined)
    .setTimeout(RELEASE_MS, () => response.destroy())
}

function adviceOf(status: number, headers: IncomingHttpHeaders): RetryAdvice {
  const isWorthwhile = status >= 500 || status === 408 || status === 429
  if (!isWorthwhile) return { isFinal: true }
  const seconds = Number(headers['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}
}
