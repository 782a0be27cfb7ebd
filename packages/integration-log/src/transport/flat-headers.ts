import { isObject } from '@fastify-scs/core/kit'
import type { RawHeaders } from '../raw-headers.js'

type Flat = (string | Buffer)[]

/** Headers of one message that are taken over: one more than is recorded, so that it is seen that there are more. */
const MAX_TAKEN = 1_001

/**
 * Headers as a flat list of names and values, from any of the forms that undici and node:http have: a flat list, one whose
 * values are lists, pairs, an object, or the text of undici 5. Of very many the first are enough.
 */
export function flatHeaders(headers: unknown, maxHeaders: number = MAX_TAKEN): RawHeaders {
  const flat: Flat = []
  const maxParts = 2 * maxHeaders
  if (typeof headers === 'string') addText(flat, headers, maxParts)
  else if (Array.isArray(headers)) {
    const end = Math.min(headers.length - 1, maxParts)
    for (let i = 0; i < end; i += 2) add(flat, maxParts, headers[i], headers[i + 1])
  } else if (isIterable(headers)) {
    for (const pair of headers) {
      if (flat.length >= maxParts) break
      if (Array.isArray(pair)) add(flat, maxParts, pair[0], pair[1])
    }
  } else if (isObject(headers)) {
    addFields(flat, headers as Readonly<Record<string, unknown>>, maxParts)
  }
  return flat
}

/** Whether there may be headers that `flatHeaders` has not taken over. */
export function areAllTaken({ length }: RawHeaders): boolean {
  return length < 2 * MAX_TAKEN
}

/** Headers that can be read only once, such as a generator's; whoever reads them has to hand on what was read. */
export function isReadOnce(headers: unknown): boolean {
  if (!isIterable(headers) || Array.isArray(headers)) return false
  const iterator: unknown = headers[Symbol.iterator]()
  return iterator === headers
}

function add(flat: Flat, maxParts: number, name: unknown, value: unknown): void {
  if (value === undefined) return
  const key = Buffer.isBuffer(name) ? name : String(name)
  if (!Array.isArray(value)) {
    flat.push(key, textOf(value))
    return
  }
  for (const each of value) {
    if (flat.length >= maxParts) return
    flat.push(key, textOf(each))
  }
}

function textOf(value: unknown): string | Buffer {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value
  return value === null ? '' : String(value)
}

/** Not by `Object.entries`, which would make a list of all of them. */
function addFields(flat: Flat, fields: Readonly<Record<string, unknown>>, maxParts: number): void {
  for (const name in fields) {
    if (flat.length >= maxParts) return
    if (Object.hasOwn(fields, name)) add(flat, maxParts, name, fields[name])
  }
}

function addText(flat: Flat, text: string, maxParts: number): void {
  let start = 0
  while (start < text.length && flat.length < maxParts) {
    const found = text.indexOf('\r\n', start)
    const end = found === -1 ? text.length : found
    const colon = text.indexOf(':', start)
    if (colon > start && colon < end)
      flat.push(text.slice(start, colon), text.slice(colon + 1, end).trim())
    start = end + 2
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return isObject(value) && Symbol.iterator in value
}
