import type { JsonValue } from '@fastify-scs/core'

/** JSON for people to read: indented by four, keys sorted. As PyMacaron's crash dumps. */
export function sortedJson(value: JsonValue): string {
  return JSON.stringify(sorted(value), null, 4)
}

function sorted(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
