import type { Redactor, WorkBudget } from '@fastify-scs/core'
import type { RawHeaders } from '../call.js'
import type { RecordedHeaders } from '../record.js'
import type { HeadersLike } from './log-fields.js'

/** Names and values beyond so many are not looked at: 1,000 headers. */
const MAX_ENTRIES = 2_000

/** The value of a header, the first one where it occurs more than once; the name in lower case. */
export function headerOf(headers: RawHeaders, name: string): string | undefined {
  const end = Math.min(headers.length - 1, MAX_ENTRIES)
  for (let at = 0; at < end; at += 2) {
    const found = headers[at]
    // Most names are told apart by their length, before a text is made of the bytes.
    if (found?.length !== name.length) continue
    if (textOf(found).toLowerCase() === name) return textOf(headers[at + 1])
  }
  return undefined
}

/** Headers as they are recorded. */
export function recordHeaders(
  headers: RawHeaders,
  redactor: Redactor,
  budget?: WorkBudget,
): RecordedHeaders {
  // Without a prototype, since a header may be called `__proto__`.
  const joined = Object.create(null) as Record<string, string | string[]>
  const end = Math.min(headers.length - 1, MAX_ENTRIES)
  for (let at = 0; at < end; at += 2) {
    const name = textOf(headers[at]).toLowerCase()
    const value = textOf(headers[at + 1])
    const known = joined[name]
    if (known === undefined) joined[name] = value
    else if (Array.isArray(known)) known.push(value)
    else joined[name] = [known, value]
  }
  return redactor.headers(joined, budget)
}

/** Headers of any form as a flat list; what has no value is left out. Never throws. */
export function rawHeadersOf(headers: HeadersLike | object | undefined): RawHeaders {
  if (headers === undefined || headers === null) return []
  const raw: string[] = []
  try {
    for (const [name, value] of entriesOf(headers)) {
      if (raw.length >= MAX_ENTRIES) break
      if (value === undefined || value === null) continue
      for (const each of Array.isArray(value) ? value : [value]) raw.push(name, String(each))
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
