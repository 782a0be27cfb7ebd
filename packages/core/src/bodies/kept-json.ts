import type { DescribedBody } from './body.js'

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

function textsOf(record: Texts): Map<string, string> {
  let texts = record[TEXTS]
  if (texts === undefined) {
    texts = new Map()
    Object.defineProperty(record, TEXTS, { value: texts })
  }
  return texts
}
