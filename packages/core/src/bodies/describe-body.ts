import type { JsonValue } from '../json/json-value.js'
import { unparsable } from '../redact/redact-rules.js'
import type { Redactor } from '../redact/redactor.js'
import { WorkBudget } from '../redact/work-budget.js'
import { CleanJson, type DescribedBody, leftOut, type PlainBody } from './body.js'
import {
  type BodyForm,
  type ContentType,
  decodeText,
  formOf,
  isUtf8,
  parseContentType,
} from './content-type.js'
import { redactEvents, redactJsonLines } from './lines.js'
import { describeMultipart } from './multipart.js'
import { JsonReader } from './redact-parsed.js'
import { redactXml } from './xml.js'

/** Longest string that `redactor.value` redacts in full, in bytes. */
const VALUE_MAX_BYTES = 65_536
const STARTS_AS_JSON = /^[\s\uFEFF]*[[{"]/
const STARTS_AS_OBJECT = /^[\s\uFEFF]*(?:\[\s*)?\{/
const STARTS_AS_XML = /^[\s\uFEFF]*<[?!a-z]/i

/** A body, and what it is redacted with. */
interface Reading {
  readonly body: PlainBody
  readonly redactor: Redactor
  readonly budget: WorkBudget
}

/**
 * Makes a redacted description of a body, by its content type. Never throws, takes time proportional to the bytes, and leaves out
 * the rest of the body when the budget is spent.
 */
export function describeBody(
  body: PlainBody,
  contentTypeHeader: string | undefined,
  redactor: Redactor,
  budget: WorkBudget = new WorkBudget(),
): DescribedBody {
  const { captured, bytes, isWhole } = body
  if (captured.totalBytes === 0) return { value: null, isTruncated: false }
  if (bytes.length === 0 || budget.isSpent)
    return { value: leftOut(captured.totalBytes), isTruncated: true }
  const type = parseContentType(contentTypeHeader)
  const reading = { body, redactor, budget }
  if (isCleanJson(reading, type)) return new CleanJson(bytes.toString('utf8'))
  const described = describeBytes(reading, type) ?? whole(describeBinary(reading, type))
  const isTruncated = !isWhole || described.isTruncated || budget.isSpent
  return { value: described.value, isTruncated }
}

/** Whether the body is JSON without secrets, as most bodies are. Found out by a scan, without parsing. */
function isCleanJson({ body, redactor, budget }: Reading, type: ContentType): boolean {
  const isReadable = body.isWhole && body.encoding === undefined && isUtf8(type.charset)
  return (
    isReadable && formOf(type) === 'json' && redactor.isCleanJson?.(body.bytes, budget) === true
  )
}

function describeBytes(reading: Reading, type: ContentType): DescribedBody | undefined {
  const { body, redactor, budget } = reading
  const form = formOf(type)
  if (body.encoding !== undefined || form === 'binary') return undefined
  if (form === 'multipart') {
    const parts = describeMultipart(body, type.boundary ?? '', redactor, budget)
    return whole({ type: type.essence, bytes: body.captured.totalBytes, parts })
  }
  const text = decodeText(body.bytes, type.charset, body.isWhole)
  // A body without a type is text only if all its bytes are valid UTF-8.
  if (text === undefined || (form === 'unknown' && text.includes('\uFFFD'))) return undefined
  return describeText(text, form, reading)
}

function describeText(text: string, form: BodyForm, reading: Reading): DescribedBody {
  const { body, redactor, budget } = reading
  switch (form) {
    case 'json':
      return describeJson(text, reading) ?? whole(malformed(text, body))
    case 'lines':
      return whole(redactJsonLines(text, body.isWhole, redactor, budget))
    case 'form':
      return whole(redactor.form(text, budget))
    case 'events':
      return whole(redactEvents(text, body.isWhole, redactor, budget))
    case 'xml':
      return whole(redactXml(text, redactor, budget))
    default:
      return describeAnyText(text, reading)
  }
}

/** Describes text of an unknown kind. Text that starts like JSON or XML is redacted as such. */
function describeAnyText(text: string, reading: Reading): DescribedBody {
  const { body, redactor, budget } = reading
  if (STARTS_AS_JSON.test(text)) {
    const described = describeJson(text, reading)
    if (described !== undefined) return described
    if (STARTS_AS_OBJECT.test(text)) return whole(leftOut(body.captured.totalBytes))
  }
  if (STARTS_AS_XML.test(text)) return whole(redactXml(text, redactor, budget))
  const isShort = text.length <= VALUE_MAX_BYTES
  return whole(isShort ? redactor.value(text, budget) : redactor.text(text, budget))
}

function describeJson(
  text: string,
  { body, redactor, budget }: Reading,
): DescribedBody | undefined {
  const json = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  return new JsonReader(redactor, budget).read(json, body.isWhole)
}

function malformed(text: string, { captured, isWhole }: PlainBody): string {
  return isWhole ? unparsable(text) : leftOut(captured.totalBytes)
}

function describeBinary({ body, redactor }: Reading, { essence }: ContentType): JsonValue {
  const { captured, encoding } = body
  return {
    type: essence === '' ? null : redactor.text(essence),
    ...(encoding === undefined ? {} : { encoding: redactor.text(encoding) }),
    bytes: captured.totalBytes,
    ...(captured.sha256 === undefined ? {} : { sha256: captured.sha256 }),
  }
}

function whole(value: JsonValue): DescribedBody {
  return { value, isTruncated: false }
}

/**
 * The unredacted body, for the application itself: JSON is parsed, all else is text. Undefined for a body that is empty, binary,
 * multipart or incomplete, or whose content coding or charset cannot be decoded.
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
  // A body without a type is text only if all its bytes are valid UTF-8.
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
