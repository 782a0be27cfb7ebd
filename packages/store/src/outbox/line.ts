import { isObject, keptJsonOf, type StoreRecord, toJsonValue } from '@fastify-scs/core/kit'
import { storableJson } from '../record/text.js'

/** A record as a line of a file. */
export function lineOf(record: StoreRecord): string {
  return `${jsonOf(record)}\n`
}

function jsonOf(record: StoreRecord): string {
  try {
    const { data } = record
    if (!isObject(data) || keptJsonOf(data) === undefined) return JSON.stringify(record)
    // What is kept as text is neither parsed nor written again.
    const { data: _, ...others } = record
    return `{"data":${storableJson(data)},${JSON.stringify(others).slice(1)}`
  } catch {
    // A bigint or a circle: what can be kept of it; the database refuses it or not.
    return JSON.stringify(toJsonValue(record))
  }
}
