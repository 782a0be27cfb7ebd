import { OptionsError, ReceiverAnswerError } from '../errors.js'
import type { RetryAdvice } from '../reporter.js'

/** One message to a receiver. */
export interface Message {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** The name and the URL of an option that must be an HTTP URL. @throws SCS_REPORTER_ERR_OPTIONS */
export function checkUrl(option: string, url: unknown): void {
  const isHttp =
    typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  // The URL itself may be the secret, as with Slack: it is not shown.
  if (!isHttp) throw new OptionsError(option, 'an http or https URL', 'something else')
}

/**
 * Posts JSON.
 *
 * @throws SCS_REPORTER_ERR_ANSWER for any answer but 2xx, with the advice whether to try again; what fetch throws
 */
export async function postJson({ url, body, headers, signal }: Message): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    signal,
    // A report must not follow a redirect to somebody else.
    redirect: 'manual',
  })
  await response.body?.cancel()
  if (response.ok) return
  const error = new ReceiverAnswerError(new URL(url).host, response.status)
  throw Object.assign(error, adviceOf(response))
}

function adviceOf({ status, headers }: Response): RetryAdvice {
  const isWorthwhile = status >= 500 || status === 408 || status === 429
  if (!isWorthwhile) return { isFinal: true }
  const seconds = Number(headers.get('retry-after'))
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}
}
