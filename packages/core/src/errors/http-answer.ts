import { isObject } from '../kit/unknown-value.js'
/** Larger bodies are not read: they are pages or downloads, not errors. */
export const MAX_BODY_BYTES = 65_536

/** The answer of undici's `request`, as far as it is read. */
export interface UndiciAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: AsyncIterable<Uint8Array> & { json(): Promise<unknown> }
}

/** An answer of another service, of whichever HTTP client. */
export interface HttpAnswer {
  readonly status: number
  readonly errorId: unknown
  /** The URL without its query, which may hold secrets; empty where it is not known. */
  readonly place: string
  /**
   * Reads the JSON body. Undefined for a body of another type or beyond 64 KiB, which is not read further.
   *
   * @throws what reading or parsing it throws
   */
  readBody(): Promise<unknown>
}

/** Wraps a `Response` (of Node's fetch, undici's or node-fetch's) or an answer of undici's `request`; undefined for another value. Never throws. */
export function httpAnswerOf(value: unknown): HttpAnswer | undefined {
  try {
    if (!isObject(value)) return undefined
    if (Object.prototype.toString.call(value) === '[object Response]') {
      return ofResponse(value as Response)
    }
    return isUndiciAnswer(value) ? ofUndici(value) : undefined
  } catch {
    // A getter or a Proxy trap threw.
    return undefined
  }
}

function ofResponse({ status, headers, body, url }: Response): HttpAnswer {
  return {
    status,
    errorId: headers.get('x-error-id'),
    place: placeOf(url),
    // node-fetch's body is a stream of Node, which can be iterated as well.
    readBody: () => readJson(body as Body | null, headers.get('content-type')),
  }
}

function isUndiciAnswer(value: Partial<UndiciAnswer>): value is UndiciAnswer {
  const { statusCode, headers, body } = value
  if (typeof statusCode !== 'number' || typeof headers !== 'object') return false
  return typeof body === 'object' && typeof body?.json === 'function'
}

function ofUndici({ statusCode, headers, body }: UndiciAnswer): HttpAnswer {
  return {
    status: statusCode,
    errorId: headers['x-error-id'],
    place: '',
    readBody: () => readJson(body, headers['content-type']),
  }
}

/** A web stream can be cancelled, a stream of Node destroyed. */
type Body = AsyncIterable<Uint8Array> & {
  cancel?(): Promise<void>
  destroy?(): unknown
  on?(event: 'error', listener: () => void): unknown
}

async function readJson(body: Body | null, contentType: unknown): Promise<unknown> {
  if (body === null) return undefined
  // undici's stream emits an error when it is destroyed, which would end the process without a listener.
  body.on?.('error', () => undefined)
  if (!/[/+]json\b/i.test(String(contentType))) {
    await (body.cancel?.() ?? body.destroy?.())
    return undefined
  }
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    // Leaving the loop ends the stream, so that its connection is free.
    if (bytes > MAX_BODY_BYTES) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  return JSON.parse(text + decoder.decode()) as unknown
}

function placeOf(url: string): string {
  if (!URL.canParse(url)) return ''
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
