import type { StoreRecord } from '@fastify-scs/core/kit'

/** Values of one record that are looked at; what is beyond counts as much as those on average. */
const MAX_VALUES = 500
/** What a value costs beside its text, about. */
const VALUE_BYTES = 24
/** V8 keeps one or two bytes a character, and which is not cheap to know. */
const CHAR_BYTES = 2
const RECORD_BYTES = 400

/** How much memory a record takes at most, in bytes: a bounded walk over its values, far cheaper than JSON.stringify. */
export function recordBytes(record: StoreRecord): number {
  const walk = { values: 0, chars: 0, skipped: 0 }
  visit(record.data, walk)
  const { values, chars, skipped } = walk
  const seen = values * VALUE_BYTES + chars * CHAR_BYTES
  const beyond = skipped === 0 ? 0 : (seen / values) * skipped
  return RECORD_BYTES + seen + Math.ceil(beyond)
}

function visit(value: unknown, walk: { values: number; chars: number; skipped: number }): void {
  walk.values++
  if (typeof value === 'string') {
    walk.chars += value.length
    return
  }
  if (typeof value !== 'object' || value === null) return
  if (walk.values >= MAX_VALUES) {
    walk.skipped += Array.isArray(value) ? value.length : 1
  } else if (Array.isArray(value)) {
    let index = 0
    for (; index < value.length && walk.values < MAX_VALUES; index++) visit(value[index], walk)
    walk.skipped += value.length - index
  } else {
    for (const key in value) {
      walk.chars += key.length
      visit((value as Record<string, unknown>)[key], walk)
    }
  }
}
