import type { JsonValue } from '../json/json-value.js'

/** The first bytes of a body, as they were on the wire, and what can be said of the rest. */
export interface CapturedBody {
  /** At most as many as are kept; not decompressed. */
  readonly bytes: Buffer
  /** Of the whole body so far. */
  readonly totalBytes: number
  /** Lower-case hex, of the whole body; absent when the end was not seen. */
  readonly sha256?: string
  /** Whether the body's end was seen. */
  readonly isWhole: boolean
}

/** A body whose compression is undone, as far as that was possible. */
export interface PlainBody {
  readonly captured: CapturedBody
  readonly bytes: Buffer
  /** Whether `bytes` are all there is. */
  readonly isWhole: boolean
  /** The content coding that could not be undone; `bytes` are still in it. */
  readonly encoding?: string
}

/** What is shown of a body. */
export interface DescribedBody {
  readonly value: JsonValue
  /** Whether something of the body is missing. */
  readonly isTruncated: boolean
  /** The value as JSON, where it is kept as the text that it came as; `value` is parsed when it is first asked for. */
  readonly json?: string
}

/** A JSON document in which nothing had to be changed: the text that it is, parsed once somebody reads it. */
export class CleanJson implements DescribedBody {
  readonly json: string
  readonly isTruncated = false
  #value: JsonValue | undefined

  constructor(json: string) {
    this.json = json
  }

  get value(): JsonValue {
    this.#value ??= JSON.parse(this.json) as JsonValue
    return this.#value
  }
}

/** A body that was captured, without compression. */
export function plainBodyOf(captured: CapturedBody): PlainBody {
  const isWhole = captured.isWhole && captured.bytes.length === captured.totalBytes
  return { captured, bytes: captured.bytes, isWhole }
}

/** The marker for bytes that were left out: `[truncated: 12 bytes]`. */
export function leftOut(bytes: number): string {
  return `[truncated: ${bytes} bytes]`
}

/** Under which a record has the JSON texts of its fields that nobody has read yet. No copy of a record has it. */
const TEXTS = Symbol('JSON texts of fields')

interface Texts {
  [TEXTS]?: Map<string, string>
}

/**
 * Puts what is shown of a body into a field of a record. JSON that was kept as text stays text until somebody reads the field, and
 * whoever writes the record as JSON can take it as it is (`keptJsonOf`).
 */
export function keepBody<Field extends string>(
  record: { [Name in Field]: unknown },
  field: Field,
  body: DescribedBody,
): void {
  if (body.json === undefined) {
    record[field] = body.value
    return
  }
  textsOf(record).set(field, body.json)
  const settle = (value: unknown): unknown => {
    // Whoever has read it may change it.
    textsOf(record).delete(field)
    Object.defineProperty(record, field, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    })
    return value
  }
  Object.defineProperty(record, field, {
    get: () => settle(body.value),
    set: settle,
    enumerable: true,
    configurable: true,
  })
}

/** The JSON text of each field of a record that nobody has read yet; undefined where there is none. */
export function keptJsonOf(record: object): ReadonlyMap<string, string> | undefined {
  const texts = (record as Texts)[TEXTS]
  return texts === undefined || texts.size === 0 ? undefined : texts
}

/** A record in two parts, for another thread: a copy of it would be made of values that are parsed for it. */
export interface ApartRecord {
  /** What is no text. */
  readonly rest: Readonly<Record<string, unknown>>
  readonly texts: ReadonlyMap<string, string>
}

/** A record without the fields whose JSON text nobody has read yet, and their texts; undefined where there is none. */
export function takeApart(record: object): ApartRecord | undefined {
  const texts = keptJsonOf(record)
  if (texts === undefined) return undefined
  const rest: Record<string, unknown> = {}
  for (const key of Object.keys(record))
    if (!texts.has(key)) rest[key] = (record as Readonly<Record<string, unknown>>)[key]
  return { rest, texts }
}

/** Puts the texts into what is the rest of a record, as `keepBody` does; returns it. */
export function putTogether({ rest, texts }: ApartRecord): Record<string, unknown> {
  for (const [field, json] of texts) keepBody(rest, field, new CleanJson(json))
  return rest
}

function textsOf(record: Texts): Map<string, string> {
  let texts = record[TEXTS]
  if (texts === undefined) {
    texts = new Map()
    Object.defineProperty(record, TEXTS, { value: texts })
  }
  return texts
}
