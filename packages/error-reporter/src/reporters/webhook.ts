import { createHmac } from 'node:crypto'
import { checkUrl, postJson } from './post-json.js'
import { type ErrorReporter, namedReporter } from './reporter.js'

/** Where a webhook reporter sends to. */
export interface WebhookOptions {
  /** http or https; undefined, as an environment variable may be, is refused at once like any other that is none. */
  readonly url: string | undefined
  /** Signs each report: `x-scs-signature: sha256=<hex HMAC of "<x-scs-timestamp>.<body>">`. */
  readonly secret?: string
  /** Headers to send along. */
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

// The time is signed as well, so that a receiver can refuse an old report that somebody sends again.
function sign(body: string, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000))
  const hmac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return { 'x-scs-timestamp': timestamp, 'x-scs-signature': `sha256=${hmac}` }
}
