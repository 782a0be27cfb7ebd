/** How a recorded body is shown. */
export type BodyShape =
  | { readonly as: 'none' }
  /** A foldable tree. */
  | { readonly as: 'json'; readonly value: unknown }
  | { readonly as: 'form'; readonly fields: readonly (readonly [string, string])[] }
  | { readonly as: 'text'; readonly text: string; readonly language: 'xml' | 'text' }
  /** Bytes that are not kept: their type and number, as far as they are known. */
  | { readonly as: 'binary'; readonly type: string | null; readonly bytes: number }

type RecordedHeaders = Readonly<Record<string, unknown>>

/** Chooses by what was recorded, then by its content type. Text is only ever shown as text, XML and HTML too. */
export function bodyShape(body: unknown, headers: unknown): BodyShape {
  if (body === null || body === undefined) return { as: 'none' }
  const type = contentTypeOf(headers)
  if (typeof body !== 'string') return binaryOf(body, type) ?? { as: 'json', value: body }
  const leftOut = LEFT_OUT.exec(body)
  if (leftOut !== null) return { as: 'binary', type: null, bytes: Number(leftOut[1]) }
  if (type === 'application/x-www-form-urlencoded') {
    const fields = [...new URLSearchParams(body)]
    if (fields.length > 0) return { as: 'form', fields }
  }
  if (isJsonType(type)) {
    const value = parsed(body)
    // A string that was sent as JSON is recorded as its text.
    if (typeof value === 'object' && value !== null) return { as: 'json', value }
  }
  const isXml = type.endsWith('/xml') || type.endsWith('+xml') || type === 'text/html'
  return { as: 'text', text: body, language: isXml ? 'xml' : 'text' }
}

/** As core marks a body that was left out as a whole. */
const LEFT_OUT = /^\[truncated: (\d+) bytes\]$/
const FIELDS_OF_BINARY = ['type', 'encoding', 'bytes', 'sha256']

/** As core describes bytes: `{ type, bytes, sha256 }`. JSON that only looks like it has a JSON type. */
function binaryOf(body: unknown, type: string): BodyShape | undefined {
  if (typeof body !== 'object' || body === null || isJsonType(type)) return undefined
  const { type: typeOfBytes, bytes } = body as { type?: unknown; bytes?: unknown }
  if (typeof bytes !== 'number' || !('type' in body)) return undefined
  if (Object.keys(body).some((name) => !FIELDS_OF_BINARY.includes(name))) return undefined
  return { as: 'binary', type: typeof typeOfBytes === 'string' ? typeOfBytes : null, bytes }
}

function contentTypeOf(headers: unknown): string {
  if (typeof headers !== 'object' || headers === null) return ''
  const value = (headers as RecordedHeaders)['content-type']
  const text = Array.isArray(value) ? value[0] : value
  return typeof text === 'string' ? (text.split(';')[0] ?? '').trim().toLowerCase() : ''
}

function isJsonType(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
