import type { JsonValue } from '@fastify-scs/core'
import { keptJsonOf, type StoreRecord } from '@fastify-scs/core/kit'
import type { OutboxSegment } from '../outbox/segment.js'

/** Values of one record that are measured; each of the others is taken for their average. */
const MAX_VALUES = 500
/** What a value takes beside its text, about, in bytes. */
const VALUE_BYTES = 24
/** V8 takes one or two bytes a character; which of them is not cheap to find out. */
const CHAR_BYTES = 2
const RECORD_BYTES = 400

/** A record on its way to the database. */
export interface QueuedRecord {
  record: StoreRecord
  /** Estimated size in memory. */
  bytes: number
  /** When the application wrote it, in milliseconds since 1970. */
  readonly queuedAt: number
  /** The file that holds it as well, until it is stored. */
  segment: OutboxSegment | undefined
  /** Its place among all that was written; records that were read back from a file come before all others. */
  readonly order: number
  /** Whether it is done with: stored, with the dead letters, or dropped. */
  isSettled: boolean
}

/** Makes the entry of a record that begins to wait. */
export function newEntry(record: StoreRecord, order: number): QueuedRecord {
  const bytes = recordBytes(record)
  return { record, bytes, queuedAt: Date.now(), segment: undefined, order, isSettled: false }
}

/** Called with records that are done with: stored, with the dead letters, or dropped; returns how many of them were not before. */
export type Settle = (entries: readonly QueuedRecord[]) => number

/**
 * Replaces the sheddable fields by null, in a copy: the record is the caller's. They lose their stamps, so that the null replaces
 * nothing that is stored.
 */
export function shedBodies(entry: QueuedRecord): void {
  const { sheddable = [], stamps, ...record } = entry.record
  // Not a copy of them all: what is kept as JSON text would be parsed for it.
  const data: Record<string, JsonValue> = {}
  for (const field of Object.keys(record.data))
    data[field] = sheddable.includes(field) ? null : (record.data[field] as JsonValue)
  const isKept = ([path]: readonly [string, number]) =>
    !sheddable.some((field) => path === `data.${field}` || path.startsWith(`data.${field}.`))
  const kept = stamps && Object.fromEntries(Object.entries(stamps).filter(isKept))
  entry.record = {
    ...record,
    data: { ...data, truncated: true },
    ...(kept === undefined ? {} : { stamps: kept }),
  }
  entry.bytes = recordBytes(entry.record)
}

/** Estimates how much memory a record takes at most, in bytes, by a bounded walk over its values: far cheaper than JSON.stringify. */
export function recordBytes(record: StoreRecord): number {
  const walk = { values: 0, chars: 0, skipped: 0 }
  visit(record.data, walk)
  const { values, chars, skipped } = walk
  const seen = values * VALUE_BYTES + chars * CHAR_BYTES
  return RECORD_BYTES + seen + Math.ceil((seen / values) * skipped)
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
    const kept = keptJsonOf(value)
    for (const key in value) {
      walk.chars += key.length
      const json = kept?.get(key)
      if (json !== undefined) {
        walk.values++
        walk.chars += json.length
      } else visit((value as Record<string, unknown>)[key], walk)
    }
  }
}
