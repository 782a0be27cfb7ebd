/** Headers as a transport has them: a flat list of names and values, as strings or raw bytes. */
export type RawHeaders = readonly (string | Buffer)[]

/** Headers of one message that are read, at most. */
export const MAX_HEADERS = 1_000
/** Longest name and longest value of a header that is kept, in bytes. */
export const MAX_VALUE_BYTES = 8_192

/** The value of a header, the first one where it occurs more than once; the name in lower case. */
export function headerOf(headers: RawHeaders, name: string): string | undefined {
  const end = Math.min(headers.length - 1, 2 * MAX_HEADERS)
  for (let at = 0; at < end; at += 2) {
    const found = headers[at]
    // Most names differ in length, which costs no string.
    if (found?.length !== name.length) continue
    if (textOf(found).toLowerCase() !== name) continue
    // A value that is too long to be recorded counts as absent.
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

/** The headers as a Headers object; invalid ones are left out. */
export function headersOf(headers: RawHeaders): Headers {
  const made = new Headers()
  const end = Math.min(headers.length - 1, 2 * MAX_HEADERS)
  for (let at = 0; at < end; at += 2) {
    try {
      made.append(textOf(headers[at]), textOf(headers[at + 1]))
    } catch {
      // A server may send what the Headers class refuses.
    }
  }
  return made
}

/** Headers of any form as a flat list; what has no value is left out. Never throws. */
export function rawHeadersOf(headers: object | undefined): RawHeaders {
  if (headers === undefined || headers === null) return []
  const raw: string[] = []
  try {
    for (const [name, value] of entriesOf(headers)) {
      // One more than is kept, to notice that there are more.
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
  // AxiosHeaders have functions besides the headers.
  const { toJSON } = headers as { toJSON?: unknown }
  const plain: unknown = typeof toJSON === 'function' ? toJSON.call(headers) : headers
  return Object.entries(plain as object).filter(([, value]) => typeof value !== 'function')
}

/** A name or a value as text; raw bytes are latin1. */
export function textOf(part: string | Buffer | undefined): string {
  return typeof part === 'string' ? part : (part?.toString('latin1') ?? '')
}
