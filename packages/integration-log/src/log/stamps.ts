import { performance } from 'node:perf_hooks'
import type { FieldStamps } from '@fastify-scs/core/kit'
import type { DraftFields, IntegrationRecord } from '../record.js'

/** Highest stamp of the plugin's own; the application's stamps are microseconds since 1970. */
const MAX_OWN = 1_000_000

/** The store's search keys that are made from a field. */
const KEYS: Readonly<Partial<Record<keyof IntegrationRecord, readonly string[]>>> = {
  status: ['keys.status'],
  statusCode: ['keys.statusCode'],
  durationMs: ['keys.durationMs'],
  reference: ['keys.referenceType', 'keys.referenceId'],
  requestId: ['keys.requestId'],
  owner: ['keys.user'],
  key: ['keys.key'],
  remoteId: ['keys.remoteId'],
  traceId: ['keys.traceId'],
}
/** The fields of a record that are known only when its call has ended, or may change then. */
export const CALL_END_FIELDS = [
  'status',
  'statusCode',
  'requestHeaders',
  'data',
  'responseHeaders',
  'output',
  'error',
  'durationMs',
  'remoteId',
  'traceId',
  'truncated',
  'resend',
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
   * @param at The stamp for fields that are derived from these: the time of their latest change.
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

  /** Stamps every field that the end of a call may change. */
  markCallEnd(stamp: number): void {
    for (const field of CALL_END_FIELDS) this.#mark(field, stamp)
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

  #note(path: string, stamp: number): void {
    this.#stamps[path] = stamp
    if (stamp > this.highest) this.highest = stamp
  }

  #forgetKeys(): void {
    for (const path of Object.keys(this.#stamps))
      if (path.startsWith(`${DATA}.`)) delete this.#stamps[path]
  }
}

/** How far the clock may differ from the monotonic one before it is taken over, in microseconds. */
const MAX_APART = 50_000
/** A clock that was set back by more than this is followed, in microseconds. */
const MAX_BACK = 1_000_000

/** Says when a record was changed, in microseconds since 1970; never the same twice. */
export class StampClock {
  #last = 0
  #origin = performance.timeOrigin * 1_000

  /** @param above Higher than this in any case: the highest stamp that the record has. */
  next(above: number = 0): number {
    const now = this.#now()
    const isLater = now > this.#last || this.#last - now > MAX_BACK
    this.#last = isLater ? now : this.#last + 1
    return Math.max(this.#last, above + 1)
  }

  /** By the finer clock, which goes on counting from where it was when the host was suspended, or its clock was set. */
  #now(): number {
    const at = Math.round(this.#origin + performance.now() * 1_000)
    const apart = Date.now() * 1_000 - at
    if (Math.abs(apart) <= MAX_APART) return at
    this.#origin += apart
    return at + apart
  }
}
