import { beginningOf } from '../kit/cut-text.js'

/** The kinds of bodies, each with its own way to be redacted. */
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

/** The parts of a content type. */
export interface ContentType {
  /** The type without its parameters, in lower case (`application/json`); empty when there is none. */
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

/** Parses a content type; the header may hold anything. */
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

/** The kind of a body with this content type. */
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

/** Decodes bytes as text; undefined when the charset is unknown or the bytes are not text. Never throws. */
export function decodeText(
  bytes: Buffer,
  charset: string | undefined,
  isWhole: boolean,
): string | undefined {
  // Nearly every body is whole and UTF-8. Making a TextDecoder takes longer than using it.
  const text = isUtf8(charset) && isWhole ? utf8(bytes) : decode(bytes, charset ?? 'utf-8', isWhole)
  // Text has no NUL: such bytes are binary, or in another charset than the header says.
  return text?.includes('\0') ? undefined : text
}

/** Whether a charset is UTF-8, which is also the default. */
export function isUtf8(charset: string | undefined): boolean {
  return charset === undefined || charset === 'utf-8' || charset === 'utf8'
}

function utf8(bytes: Buffer): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return bytes.toString('utf8', hasMark ? 3 : 0)
}

function decode(bytes: Buffer, charset: string, isWhole: boolean): string | undefined {
  try {
    // The option `stream` drops half a character at the cut.
    return new TextDecoder(charset).decode(bytes, { stream: !isWhole })
  } catch {
    // RangeError: an unknown charset.
    return undefined
  }
}
