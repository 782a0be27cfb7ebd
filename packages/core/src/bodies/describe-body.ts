import type { JsonValue } from '../json-value.js'
import type { Redactor } from '../redact/redactor.js'
import { type DescribedBody, leftOut, type PlainBody } from './body.js'
import { decodeText } from './charset.js'
import { type ContentType, formOf, parseContentType } from './content-type.js'
import { readCutJson } from './cut-json.js'
import { redactEvents, redactJsonLines } from './lines.js'
import { describeMultipart } from './multipart.js'
import { redactParsed } from './redact-parsed.js'
import { redactXml } from './xml.js'

/** Strings that the redactor looks at in full when it does not know what they are, in bytes. */
const VALUE_MAX_BYTES = 65_536
const STARTS_AS_JSON = /^[\s\uFEFF]*[[{"]/
const STARTS_AS_XML = /^[\s\uFEFF]*<[?!a-z]/i

/** What is recorded of a body; all of it redacted. Never throws for any bytes, and takes time in proportion to them. */
export function describeBody(
  body: PlainBody,
  contentTypeHeader: string | undefined,
  redactor: Redactor,
): DescribedBody {
  const { captured, bytes, isWhole } = body
  if (captured.totalBytes === 0) return { value: null, isTruncated: false }
  if (bytes.length === 0) return { value: leftOut(captured.totalBytes), isTruncated: true }
  const type = parseContentType(contentTypeHeader)
  const value = describeBytes(body, type, redactor) ?? describeBinary(body, type, redactor)
  return { value, isTruncated: !isWhole }
}

function describeBytes(
  body: PlainBody,
  type: ContentType,
  redactor: Redactor,
): JsonValue | undefined {
  const form = formOf(type)
  if (body.encoding !== undefined || form === 'binary') return undefined
  if (form === 'multipart') {
    const parts = describeMultipart(body, type.boundary ?? '', redactor)
    return { type: type.essence, bytes: body.captured.totalBytes, parts }
  }
  const text = decodeText(body.bytes, type.charset, body.isWhole)
  if (text === undefined) return undefined
  switch (form) {
    case 'json':
      return describeJson(text, body, redactor)
    case 'lines':
      return redactJsonLines(text, body.isWhole, redactor)
    case 'form':
      return redactor.form(text)
    case 'events':
      return redactEvents(text, body.isWhole, redactor)
    case 'xml':
      return redactXml(text, redactor)
    case 'text':
      return describeText(text, body, redactor)
    default:
      // Without a type it is text only if every byte of it is.
      return text.includes('\uFFFD') ? undefined : describeText(text, body, redactor)
  }
}

function describeJson(text: string, body: PlainBody, redactor: Redactor): JsonValue {
  const document = parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, body.isWhole)
  if (document !== undefined) return redactParsed(document, redactor)
  return body.isWhole ? redactor.json(text) : leftOut(body.captured.totalBytes)
}

function parse(text: string, isWhole: boolean): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Malformed; or cut, and then what came before is worth having.
    return isWhole ? undefined : readCutJson(text)
  }
}

/** Text of any kind; what looks like JSON or XML is taken for it, so that nothing in it gets past the redactor. */
function describeText(text: string, body: PlainBody, redactor: Redactor): JsonValue {
  if (STARTS_AS_JSON.test(text)) {
    const document = parse(text, body.isWhole)
    if (document !== undefined) return redactParsed(document, redactor)
    if (/^[\s\uFEFF]*(?:\[\s*)?\{/.test(text)) return leftOut(body.captured.totalBytes)
  }
  if (STARTS_AS_XML.test(text)) return redactXml(text, redactor)
  return text.length <= VALUE_MAX_BYTES ? redactor.value(text) : redactor.text(text)
}

function describeBinary(
  { captured, encoding }: PlainBody,
  { essence }: ContentType,
  redactor: Redactor,
): JsonValue {
  return {
    type: essence === '' ? null : redactor.text(essence),
    ...(encoding === undefined ? {} : { encoding: redactor.text(encoding) }),
    bytes: captured.totalBytes,
    ...(captured.sha256 === undefined ? {} : { sha256: captured.sha256 }),
  }
}
