/** Any logged value, of which nothing is known. */
export type DataFields = Readonly<Record<string, unknown>>

/** The fields of a logged value; none for what is no object. */
export function fieldsOfData(value: unknown): DataFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as DataFields)
    : {}
}

/** A field that should be a text; null where it is none, or empty. */
export function textIn(fields: DataFields, name: string): string | null {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : null
}
