import { isObject } from '../kit/unknown-value.js'

/** A field of something that came out of a database or out of another plugin, and may be anything. */
export function fieldAt(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

/** A field that is a text. */
export function textAt(value: unknown, name: string): string | null {
  const field = fieldAt(value, name)
  return typeof field === 'string' ? field : null
}

/** A field that is a number. */
export function numberAt(value: unknown, name: string): number | null {
  const field = fieldAt(value, name)
  return typeof field === 'number' && Number.isFinite(field) ? field : null
}

/** A field that is a list; an empty one for anything else. */
export function listAt(value: unknown, name: string): readonly unknown[] {
  const field = fieldAt(value, name)
  return Array.isArray(field) ? field : []
}
