import type { JsonValue } from '@fastify-scs/core'
import { type FieldStamps, mergeVersions } from '@fastify-scs/core/kit'
import type { IntegrationRecord } from '../record.js'
import { RecordStamps } from './record-stamps.js'
import { StampClock } from './stamp-clock.js'

/** A record's fields while they may still change. */
export type DraftFields = {
  -readonly [Field in keyof IntegrationRecord]: IntegrationRecord[Field]
}

/** A version of a record: one that was found in the store, or the one of another handle. */
export interface StoredDraft {
  readonly fields: IntegrationRecord
  /** Of the next version. */
  readonly revision: number
  readonly stamps: FieldStamps | undefined
}

/**
 * A record in the making, and how often it was written; all handles of a record share one. Everything in it is redacted. Once it was
 * written its fields are only changed by `set`, `setOwn`, `merge` and `cut`, which note when each of them got its value.
 */
export class Draft {
  readonly fields: DraftFields
  /** Of the next version that is written. */
  revision: number
  /** Whether the call was merely observed: its service is not declared. */
  readonly isObserved: boolean
  #clock: StampClock | undefined
  #stamps: RecordStamps | undefined
  /** What the application has set before there were stamps. */
  #byHand: Set<keyof DraftFields> | undefined

  constructor(
    fields: DraftFields,
    revision: number = 0,
    isObserved: boolean = false,
    clock?: StampClock,
    stamps?: FieldStamps,
  ) {
    this.fields = fields
    this.revision = revision
    this.isObserved = isObserved
    this.#clock = clock
    if (stamps !== undefined) this.#stamps = new RecordStamps(stamps)
  }

  /** The record as it is now. */
  record(): IntegrationRecord {
    return { ...this.fields }
  }

  /** When each field that was changed after the first version got its value; undefined for a record that was never changed. */
  get stamps(): FieldStamps | undefined {
    return this.#stamps?.all
  }

  /** Whether the application has given the field its value itself, here or in another process. */
  isByHand(field: keyof DraftFields): boolean {
    return this.#byHand?.has(field) === true || this.#stamps?.isByHand(field) === true
  }

  /** What the application sets: it is newer than all that is known of the record. */
  set(changes: Partial<DraftFields>): void {
    this.#byHand ??= new Set()
    for (const field of Object.keys(changes)) this.#byHand.add(field as keyof DraftFields)
    this.#assign(changes)
    this.#writtenStamps()?.markAll(changes, this.#now())
  }

  /** What the plugin has seen itself: it never takes the place of what the application has set. */
  setOwn(changes: Partial<DraftFields>): void {
    const left = this.#notByHand(changes)
    this.#assign(left)
    const stamps = this.#writtenStamps()
    stamps?.markAll(left, stamps.nextOwn(), this.#now())
  }

  /**
   * What the application merges into `data`.
   *
   * @param keys Those of `data` that are new; undefined when all of it is.
   */
  merge(data: IntegrationRecord['data'], keys: readonly string[] | undefined): void {
    this.#assign({ data })
    const stamps = this.#writtenStamps()
    if (keys === undefined) stamps?.markAll({ data }, this.#now())
    else stamps?.markKeys(keys, this.#now())
  }

  /** Notes that something of it was cut, which stays so. */
  cut(): void {
    if (this.fields.truncated) return
    this.fields.truncated = true
    this.#writtenStamps()?.markAll({ truncated: true }, this.#now())
  }

  /** Notes that a later version, of a call that was seen to end, is all the plugin's. */
  stampOwnVersion(): void {
    if (this.revision > 0 && this.#stamps === undefined)
      this.#writtenStamps()?.markCall(this.revision)
  }

  /** Takes over each field that another version of the record has got later than this one. */
  absorb(version: StoredDraft): void {
    const { fields, revision, stamps } = version
    this.revision = Math.max(this.revision, revision)
    if (version instanceof Draft && version.#byHand !== undefined)
      this.#byHand = new Set([...(this.#byHand ?? []), ...version.#byHand])
    if (stamps === undefined) return
    const merged = mergeVersions(
      { keys: {}, data: jsonOf(this.fields), stamps: this.#stamps?.all },
      { keys: {}, data: jsonOf(fields), stamps },
    )
    Object.assign(this.fields, merged.data)
    this.#stamps = new RecordStamps(merged.stamps)
  }

  #now(): number {
    this.#clock ??= new StampClock()
    return this.#clock.next(this.#stamps?.highest)
  }

  /** A first version needs none. */
  #writtenStamps(): RecordStamps | undefined {
    if (this.revision > 0) this.#stamps ??= new RecordStamps()
    return this.#stamps
  }

  #assign(changes: Partial<DraftFields>): void {
    Object.assign(this.fields, changes)
    this.fields.modifiedAt = new Date().toISOString()
  }

  #notByHand(changes: Partial<DraftFields>): Partial<DraftFields> {
    if (this.#byHand === undefined && this.#stamps === undefined) return changes
    const left = Object.entries(changes).filter(
      ([field]) => !this.isByHand(field as keyof DraftFields),
    )
    return Object.fromEntries(left)
  }
}

/** The fields of a record, which are JSON; their types do not say so, since lists in them are read-only. */
function jsonOf(fields: IntegrationRecord): { readonly [field: string]: JsonValue } {
  return fields as unknown as { readonly [field: string]: JsonValue }
}

/** The fields of a record of which nothing is known but where it begins. */
export function emptyFields(id: string, createdAt: number, service: string): DraftFields {
  const at = new Date(createdAt).toISOString()
  return {
    id,
    createdAt: at,
    modifiedAt: at,
    service,
    isRemoteRequest: true,
    description: null,
    requestId: null,
    key: null,
    remoteId: null,
    owner: null,
    route: null,
    status: 'Queued',
    method: null,
    url: null,
    requestHeaders: null,
    data: null,
    responseHeaders: null,
    output: null,
    error: null,
    statusCode: null,
    durationMs: null,
    reference: null,
    truncated: false,
    retryOf: null,
    traceId: null,
  }
}
