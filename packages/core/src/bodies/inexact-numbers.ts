import type { JsonValue } from '../json-value.js'

/**
 * Marks whole numbers above 2^53 in plain data that was made of a parsed body, in the data itself: `[inexact: 1e+21]`. The
 * parser may have rounded them, and nobody knows any more what was sent.
 */
export function markInexact(value: JsonValue): JsonValue {
  if (typeof value === 'number') return isInexact(value) ? `[inexact: ${value}]` : value
  if (typeof value !== 'object' || value === null) return value
  const holder = value as Record<string | number, JsonValue>
  for (const key in holder) {
    const item = holder[key]
    if (typeof item === 'object' && item !== null) markInexact(item)
    else if (typeof item === 'number' && isInexact(item)) holder[key] = markInexact(item)
  }
  return value
}

function isInexact(value: number): boolean {
  return (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) && value % 1 === 0
}
