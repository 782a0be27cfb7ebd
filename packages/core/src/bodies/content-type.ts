import { beginningOf } from '../kit/cut-text.js'

/** How a body is read. */
export type BodyForm =
  | 'json'
  | 'lines'
  | 'form'
  | 'multipart'
  | 'events'
  | 'xml'
  | 'text'
  | 'binary'
  | 'unknown'

/** A content type, taken apart. */
export interface ContentType {
  /** `application/json`, in lower case; empty when there is none. */
  readonly essence: string
  readonly charset: string | undefined
  readonly boundary: string | undefined
}

const MAX_LENGTH = 1_024
const LINES =
  /^(?:application|text)\/(?:x-)?(?:ndjson|jsonl|json-?seq|json-?lines|json-stream|stream\+json)$|\+(?:ndjson|jsonl|json-seq)$/
const JSON_LIKE = /^(?:application|text)\/(?:[\w.-]+\+)?(?:json|x-json|json5)$|\+json$/
const XML_LIKE = /^(?:application|text)\/(?:xml|html|xhtml)$|\+xml$/
const TEXT_LIKE =
  /^text\/|^application\/(?:javascript|ecmascript|graphql|yaml|x-yaml|toml|sql|jwt|jose)$/

/** Takes a content type apart; anything may be in it. */
export function parseContentType(header: string | undefined): ContentType {
  const [essence = '', ...parameters] = beginningOf(header ?? '', MAX_LENGTH).split(';')
  let charset: string | undefined
  let boundary: string | undefined
  for (const parameter of parameters) {
    const equals = parameter.indexOf('=')
    const name = parameter.slice(0, Math.max(equals, 0)).trim().toLowerCase()
    const value = unquoted(parameter.slice(equals + 1).trim())
    if (name === 'charset') charset ??= value.toLowerCase()
    if (name === 'boundary') boundary ??= value
  }
  return { essence: essence.trim().toLowerCase(), charset, boundary }
}

/** How a body of this type is read. */
export function formOf({ essence, boundary }: ContentType): BodyForm {
  if (essence === '') return 'unknown'
  if (LINES.test(essence)) return 'lines'
  if (JSON_LIKE.test(essence)) return 'json'
  if (essence === 'application/x-www-form-urlencoded') return 'form'
  if (essence.startsWith('multipart/')) return boundary === undefined ? 'binary' : 'multipart'
  if (essence === 'text/event-stream') return 'events'
  if (XML_LIKE.test(essence)) return 'xml'
  return TEXT_LIKE.test(essence) ? 'text' : 'binary'
}

function unquoted(value: string): string {
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"')
  return isQuoted ? value.slice(1, -1) : value
}

/** The text of some bytes; undefined when their charset is not known, or they are no text. Never throws. */
export function decodeText(
  bytes: Buffer,
  charset: string | undefined,
  isWhole: boolean,
): string | undefined {
  // Nearly every body; a decoder takes longer to make than to use.
  const text = isUtf8(charset) && isWhole ? utf8(bytes) : decode(bytes, charset ?? 'utf-8', isWhole)
  // No text holds a NUL; what does is binary, or in another charset than it says.
  return text?.includes('\0') ? undefined : text
}

/** Whether a charset is UTF-8, which a body is in that names none. */
export function isUtf8(charset: string | undefined): boolean {
  return charset === undefined || charset === 'utf-8' || charset === 'utf8'
}

function utf8(bytes: Buffer): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return bytes.toString('utf8', hasMark ? 3 : 0)
}

function decode(bytes: Buffer, charset: string, isWhole: boolean): string | undefined {
  try {
    // A stream keeps the half of a character at the cut to itself.
    return new TextDecoder(charset).decode(bytes, { stream: !isWhole })
  } catch {
    // RangeError: a charset that nobody knows.
    return undefined
  }
}
