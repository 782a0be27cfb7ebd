import type { RawHeaders } from '../call.js'

type Flat = (string | Buffer)[]

/**
 * Headers as a flat list of names and values, from any of the forms that undici and node:http have: a flat list, one whose
 * values are lists, pairs, an object, or the text of undici 5.
 */
export function flatHeaders(headers: unknown): RawHeaders {
  if (headers === null || headers === undefined) return []
  if (typeof headers === 'string') return fromText(headers)
  const flat: Flat = []
  if (Array.isArray(headers)) {
    for (let i = 0; i + 1 < headers.length; i += 2) add(flat, headers[i], headers[i + 1])
  } else if (isIterable(headers)) {
    for (const pair of headers) if (Array.isArray(pair)) add(flat, pair[0], pair[1])
  } else if (typeof headers === 'object') {
    for (const [name, value] of Object.entries(headers)) add(flat, name, value)
  }
  return flat
}

/** Headers that can be read only once, such as a generator's; whoever reads them has to hand on what was read. */
export function isReadOnce(headers: unknown): boolean {
  if (!isIterable(headers) || Array.isArray(headers)) return false
  const iterator: unknown = headers[Symbol.iterator]()
  return iterator === headers
}

function add(flat: Flat, name: unknown, value: unknown): void {
  if (value === undefined) return
  const key = Buffer.isBuffer(name) ? name : String(name)
  if (!Array.isArray(value)) {
    flat.push(key, textOf(value))
    return
  }
  for (const each of value) flat.push(key, textOf(each))
}

function textOf(value: unknown): string | Buffer {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value
  return value === null ? '' : String(value)
}

function fromText(text: string): Flat {
  const flat: Flat = []
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) flat.push(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return flat
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}
