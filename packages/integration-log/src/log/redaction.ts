import type { Redactor } from '@fastify-scs/core'
import { beginningOf, leftOut, type WorkBudget } from '@fastify-scs/core/kit'
import type { RawHeaders } from '../call.js'
import type { RecordedHeaders } from '../record.js'
import type { ResolvedService } from '../service-options.js'
import type { HeadersLike } from './log-fields.js'

/** Headers as they are recorded. */
export interface DescribedHeaders {
  readonly value: RecordedHeaders
  /** Whether something of them is missing. */
  readonly isTruncated: boolean
}

/** The value of a header, the first one where it occurs more than once; the name in lower case. */
export function headerOf(headers: RawHeaders, name: string): string | undefined {
  const end = Math.min(headers.length - 1, 2 * MAX_HEADERS)
  for (let at = 0; at < end; at += 2) {
    const found = headers[at]
    // Most names are told apart by their length, before a text is made of the bytes.
    if (found?.length !== name.length) continue
    if (textOf(found).toLowerCase() !== name) continue
    // One that is too long to be recorded is none that we know.
    const value = headers[at + 1] ?? ''
    return value.length > MAX_VALUE_BYTES ? undefined : textOf(value)
  }
  return undefined
}

/** Names and values, as text. */
export function* pairsOf(headers: RawHeaders): Iterable<readonly [name: string, value: string]> {
  for (let at = 0; at + 1 < headers.length; at += 2)
    yield [textOf(headers[at]), textOf(headers[at + 1])]
}

/** The headers as fetch has them; one that it would refuse is left out. */
export function headersOf(headers: RawHeaders): Headers {
  const made = new Headers()
  const end = Math.min(headers.length - 1, 2 * MAX_HEADERS)
  for (let at = 0; at < end; at += 2) {
    try {
      made.append(textOf(headers[at]), textOf(headers[at + 1]))
    } catch {
      // A server may send what no client of fetch may.
    }
  }
  return made
}

/** Headers as they are recorded. */
export function recordHeaders(
  given: RawHeaders,
  redactor: Redactor,
  budget?: WorkBudget,
): DescribedHeaders {
  const { headers, isTruncated } = boundHeaders(given)
  // Without a prototype, since a header may be called `__proto__`.
  const joined = Object.create(null) as Record<string, string | string[]>
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = textOf(headers[at]).toLowerCase()
    const value = textOf(headers[at + 1])
    const known = joined[name]
    if (known === undefined) joined[name] = value
    else if (Array.isArray(known)) known.push(value)
    else joined[name] = [known, value]
  }
  return { value: redactor.headers(joined, budget), isTruncated }
}

/** Headers of any form as a flat list; what has no value is left out. Never throws. */
export function rawHeadersOf(headers: HeadersLike | object | undefined): RawHeaders {
  if (headers === undefined || headers === null) return []
  const raw: string[] = []
  try {
    for (const [name, value] of entriesOf(headers)) {
      // One more than is kept, so that it is seen that there are more.
      if (raw.length > 2 * MAX_HEADERS) break
      if (value === undefined || value === null) continue
      if (!Array.isArray(value)) raw.push(name, String(value))
      else for (const each of value.slice(0, MAX_HEADERS + 1)) raw.push(name, String(each))
    }
  } catch {
    // An object that cannot be listed or written as text; what was read so far stays.
  }
  return raw
}

function entriesOf(headers: object): Iterable<readonly [string, unknown]> {
  if (Symbol.iterator in headers) return headers as Iterable<readonly [string, string]>
  // AxiosHeaders, which hold functions beside the headers.
  const { toJSON } = headers as { toJSON?: unknown }
  const plain: unknown = typeof toJSON === 'function' ? toJSON.call(headers) : headers
  return Object.entries(plain as object).filter(([, value]) => typeof value !== 'function')
}

function textOf(part: string | Buffer | undefined): string {
  return typeof part === 'string' ? part : (part?.toString('latin1') ?? '')
}

/** Headers of one message that are looked at. */
export const MAX_HEADERS = 1_000
/** Bytes of the value, or the name, of one header that is kept. */
export const MAX_VALUE_BYTES = 8_192
/** Bytes of all names and values of one message that are kept; twice what Node and undici take by default. */
export const MAX_HEADER_BYTES = 32_768

/** What stands for the headers that are left out; no header on the wire can have this name. */
const MORE = ['[truncated]', '[truncated: more headers]'] as const

/** Headers of a size that can be redacted at once. */
export interface BoundedHeaders {
  readonly headers: RawHeaders
  /** Whether something of them is missing. */
  readonly isTruncated: boolean
}

/**
 * The headers that are kept of a message, chosen by their sizes before anything of them is read. Of a value that is too long
 * nothing is kept: its beginning might be half of a secret, which nobody would recognise.
 */
export function boundHeaders(headers: RawHeaders): BoundedHeaders {
  if (areUsual(headers)) return { headers, isTruncated: false }
  const kept: (string | Buffer)[] = []
  let bytes = 0
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const name = keptOf(headers[at] ?? '')
    const value = keptOf(headers[at + 1] ?? '')
    bytes += name.length + value.length
    if (kept.length >= 2 * MAX_HEADERS || bytes > MAX_HEADER_BYTES) {
      kept.push(...MORE)
      break
    }
    kept.push(name, value)
  }
  return { headers: kept, isTruncated: true }
}

/** Whether nothing has to go, as is so of nearly all; then no list is made. */
function areUsual(headers: RawHeaders): boolean {
  if (headers.length > 2 * MAX_HEADERS) return false
  let bytes = 0
  for (let at = 0; at < headers.length; at++) {
    const { length } = headers[at] ?? ''
    if (length > MAX_VALUE_BYTES) return false
    bytes += length
  }
  return bytes <= MAX_HEADER_BYTES
}

function keptOf(part: string | Buffer): string | Buffer {
  return part.length <= MAX_VALUE_BYTES ? part : `[truncated: ${part.length} bytes]`
}

/** Characters of a URL that are kept. */
const MAX_LENGTH = 8_192

/** A URL as it is recorded: redacted first, so that no cut can take the name from a secret. */
export function recordUrl(url: string, redactor: Redactor, budget?: WorkBudget): string {
  const redacted = redactor.url(url, budget)
  if (redacted.length <= MAX_LENGTH) return redacted
  const kept = beginningOf(redacted, MAX_LENGTH)
  return kept + leftOut(Buffer.byteLength(redacted.slice(kept.length)))
}

/** The redactor of each service: the app's, and where a service names more, or keeps some, one that does that too. */
export class ServiceRedactors {
  readonly #app: Redactor
  readonly #byService = new Map<string, Redactor>()

  constructor(app: Redactor, services: Iterable<ResolvedService>) {
    this.#app = app
    for (const { name, redact, keep } of services) {
      const { keys = [], headers = [] } = redact
      if (keys.length + headers.length + keep.length === 0) continue
      this.#byService.set(name, app.extend({ keys, headers, keep }))
    }
  }

  /** The redactor of a service; the app's for one that is not declared. */
  of(service: string | undefined): Redactor {
    return (service === undefined ? undefined : this.#byService.get(service)) ?? this.#app
  }
}
