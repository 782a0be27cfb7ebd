// What was logged is plain data of any version: nothing of it is taken for granted.

/** Plain data with named fields. */
export type Fields = Readonly<Record<string, unknown>>

/** Named fields; undefined where the value is something else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined
}

/** A text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Whether there is nothing in a value: null, an empty object, list or text. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
