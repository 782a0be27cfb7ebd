import type { JsonValue } from '../json-value.js'
import type { PlainBody } from './body.js'
import { decodeText } from './charset.js'
import { formOf, parseContentType } from './content-type.js'

const STARTS_AS_JSON = /^[\s\uFEFF]*[[{"]/

/**
 * A body as it was sent, redacted nowhere, for the application itself to look at: JSON parsed, else text. Undefined for one that is
 * empty, binary, multipart, in a coding or a charset that cannot be undone, or not all there.
 */
export function readBody(
  { bytes, isWhole, encoding }: PlainBody,
  contentTypeHeader: string | undefined,
): JsonValue | undefined {
  if (!isWhole || bytes.length === 0 || encoding !== undefined) return undefined
  const type = parseContentType(contentTypeHeader)
  const form = formOf(type)
  if (form === 'binary' || form === 'multipart') return undefined
  const text = decodeText(bytes, type.charset, true)
  // Without a type it is text only if every byte of it is.
  if (text === undefined || (form === 'unknown' && text.includes('\uFFFD'))) return undefined
  return form === 'json' || STARTS_AS_JSON.test(text) ? parsed(text) : text
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as JsonValue
  } catch {
    return text
  }
}
