import type { JsonValue } from '@fastify-scs/core'
import type { IntegrationRecord } from '../record.js'
import type { DraftFields } from './draft.js'

/** Stamps by the path of a field, as the store merges versions by them: `data.status`, `keys.status`, `data.data.token`. */
export type FieldStamps = Readonly<Record<string, number>>

/** Stamps up to here are those of the plugin; those of the application are microseconds since 1970. */
const MAX_OWN = 1_000_000

/** The keys of the store in which a field stands too. */
const KEYS: Readonly<Partial<Record<keyof IntegrationRecord, readonly string[]>>> = {
  status: ['keys.status'],
  statusCode: ['keys.statusCode'],
  durationMs: ['keys.durationMs'],
  reference: ['keys.referenceType', 'keys.referenceId'],
  requestId: ['keys.requestId'],
  owner: ['keys.user'],
  key: ['keys.key'],
  remoteId: ['keys.remoteId'],
}
/** What is known of a call only when it is over. */
const OF_CALL_END = [
  'status',
  'remoteId',
  'requestHeaders',
  'data',
  'responseHeaders',
  'output',
  'error',
  'statusCode',
  'durationMs',
  'truncated',
] as const satisfies readonly (keyof IntegrationRecord)[]
const DERIVED = ['keys.summary', 'data.modifiedAt'] as const
const DATA = 'data.data'

/** When each changed field of a record got its value. */
export class RecordStamps {
  readonly #stamps: Record<string, number>
  /** The highest of them. */
  highest = 0
  #own = 0

  constructor(known: FieldStamps = {}) {
    this.#stamps = { ...known }
    for (const stamp of Object.values(known)) {
      if (stamp > this.highest) this.highest = stamp
      if (stamp <= MAX_OWN && stamp > this.#own) this.#own = stamp
    }
  }

  /** A copy that does not change. */
  get all(): FieldStamps {
    return { ...this.#stamps }
  }

  /** The next stamp of the plugin's own. */
  nextOwn(): number {
    return ++this.#own
  }

  /** Whether the application has set the field. */
  isByHand(field: keyof IntegrationRecord): boolean {
    return (this.#stamps[`data.${field}`] ?? 0) > MAX_OWN
  }

  /**
   * Notes that fields have new values.
   *
   * @param at The stamp of what follows from them, which is as it was at the last change of any.
   */
  markAll(changes: Partial<DraftFields>, stamp: number, at: number = stamp): void {
    for (const field of Object.keys(changes)) this.#mark(field as keyof DraftFields, stamp)
    this.#markDerived(at)
  }

  /** Notes that keys of `data` have new values. */
  markKeys(keys: readonly string[], stamp: number): void {
    for (const key of keys) this.#note(`${DATA}.${key}`, stamp)
    this.#markDerived(stamp)
  }

  /** Notes all that the end of a call tells. */
  markCall(stamp: number): void {
    for (const field of OF_CALL_END) this.#mark(field, stamp)
    this.#markDerived(stamp)
  }

  #mark(field: keyof IntegrationRecord, stamp: number): void {
    // Keys that were set before are in the new value, or gone with the old one.
    if (field === 'data') this.#forgetKeys()
    this.#note(`data.${field}`, stamp)
    for (const path of KEYS[field] ?? []) this.#note(path, stamp)
  }

  #markDerived(stamp: number): void {
    for (const path of DERIVED) this.#note(path, stamp)
  }

  /** Takes over the fields of another version that are newer there, and their stamps. */
  takeNewer(fields: DraftFields, newer: IntegrationRecord, stamps: FieldStamps): void {
    // All of the data before its keys, of which some are newer than that.
    const paths = Object.keys(stamps).sort((one, other) => one.length - other.length)
    for (const path of paths) {
      const stamp = stamps[path] ?? 0
      if (stamp <= (this.#stamps[path] ?? 0)) continue
      this.#note(path, stamp)
      if (path.startsWith(`${DATA}.`)) takeKey(fields, newer, path.slice(DATA.length + 1))
      else if (path === DATA) fields.data = this.#withNewerKeys(newer.data, fields.data, stamp)
      else if (path.startsWith('data.')) Object.assign(fields, pick(newer, path.slice(5)))
    }
  }

  /** Data that was given anew, with the keys that were changed later than that. */
  #withNewerKeys(newer: JsonValue, known: JsonValue, stamp: number): JsonValue {
    const later = Object.keys(this.#stamps).filter(
      (path) => path.startsWith(`${DATA}.`) && (this.#stamps[path] ?? 0) > stamp,
    )
    if (later.length === 0) return newer
    const keys = later.map((path) => path.slice(DATA.length + 1))
    const kept = keys.map((key) => [key, objectOf(known)[key] ?? null] as const)
    return { ...objectOf(newer), ...Object.fromEntries(kept) }
  }

  #note(path: string, stamp: number): void {
    this.#stamps[path] = stamp
    if (stamp > this.highest) this.highest = stamp
  }

  #forgetKeys(): void {
    for (const path of Object.keys(this.#stamps))
      if (path.startsWith(`${DATA}.`)) delete this.#stamps[path]
  }
}

/** Data as an object; what is none stands under the key `data`. */
export function objectOf(data: JsonValue): { [field: string]: JsonValue } {
  if (data === null) return {}
  return typeof data === 'object' && !Array.isArray(data) ? data : { data }
}

function takeKey(fields: DraftFields, newer: IntegrationRecord, key: string): void {
  fields.data = { ...objectOf(fields.data), [key]: objectOf(newer.data)[key] ?? null }
}

function pick(record: IntegrationRecord, field: string): Partial<DraftFields> {
  return Object.hasOwn(record, field) ? { [field]: record[field as keyof IntegrationRecord] } : {}
}
