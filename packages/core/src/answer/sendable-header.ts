import { validateHeaderName, validateHeaderValue } from 'node:http'

/** What HTTP/2 forbids (RFC 9113, 8.2.2); with one of these Node refuses the whole answer. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** Whether a header would be refused, with the answer that carries it. Never throws. */
export function isSendable(name: string, value: unknown, isHttp2: boolean): boolean {
  if (isHttp2 && OF_CONNECTION.has(name)) return false
  try {
    validateHeaderName(name)
    if (Array.isArray(value)) for (const item of value) checkValue(name, item)
    else checkValue(name, value)
    return true
  } catch {
    // Node says why; a value that cannot become text says it in words of its own.
    return false
  }
}

function checkValue(name: string, value: unknown): void {
  if (value === null)
    throw new TypeError('Node sends the text "null" for it, and HTTP/2 refuses it')
  // What is no text yet becomes it here once, so that a toString that throws is seen, and a symbol, which has no text.
  const text = typeof value === 'string' || value === undefined ? value : `${value as string}`
  validateHeaderValue(name, text as string)
}
