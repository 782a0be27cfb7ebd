import type { JsonValue } from '@fastify-scs/core'

/** JSON for people to read: indented by four, keys sorted. As PyMacaron's crash dumps. */
export function sortedJson(value: JsonValue): string {
  return JSON.stringify(sorted(value), null, 4)
}

/** The value itself where nothing is out of order: most of a report is made in order, and copying costs more than looking. */
function sorted(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? sortedItems(value) : sortedFields(value)
}

function sortedItems(items: JsonValue[]): JsonValue[] {
  const copy = items.map(sorted)
  return copy.every((item, index) => item === items[index]) ? items : copy
}

function sortedFields(fields: { [key: string]: JsonValue }): { [key: string]: JsonValue } {
  let previous = ''
  let isInOrder = true
  const entries = Object.entries(fields)
  for (const entry of entries) {
    const [key, field] = entry
    const copy = sorted(field)
    if (key < previous || copy !== field) isInOrder = false
    entry[1] = copy
    previous = key
  }
  return isInOrder
    ? fields
    : Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)))
}
