import type { JsonValue } from '../json-value.js'

/**
 * Marks whole numbers above 2^53 in plain data that was made of a parsed body, in the data itself: `[inexact: 1e+21]`. The
 * parser may have rounded them, and nobody knows any more what was sent.
 */
export function markInexact(value: JsonValue): JsonValue {
  if (typeof value === 'number') {
    const isInexact = Number.isInteger(value) && !Number.isSafeInteger(value)
    return isInexact ? `[inexact: ${value}]` : value
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) value[at] = markInexact(item)
    return value
  }
  for (const key of Object.keys(value)) {
    const item = value[key]
    if (typeof item === 'number' || typeof item === 'object') value[key] = markInexact(item)
  }
  return value
}
