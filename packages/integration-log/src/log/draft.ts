import { type FieldStamps, mergeVersions } from '@fastify-scs/core/kit'
import type { DraftFields, IntegrationRecord } from '../record.js'
import { jsonOf } from '../record.js'
import { RecordStamps, StampClock } from './stamps.js'

/** A version of a record, from the store or from another handle. */
export interface StoredDraft {
  readonly fields: IntegrationRecord
  /** The revision of the next version. */
  readonly revision: number
  readonly stamps: FieldStamps | undefined
}

/**
 * A record that may still change, shared by all its handles in this process. Everything in it is redacted. Once it was
 * written its fields are only changed by `set`, `setOwn`, `merge` and `cut`, which note when each of them got its value.
 */
export class Draft {
  readonly fields: DraftFields
  /** The revision of the next version that is written. */
  revision: number
  /** Whether the call was merely observed: its service is not declared. */
  readonly isObserved: boolean
  #clock: StampClock | undefined
  #stamps: RecordStamps | undefined
  /** The fields that the application set before the first version was written. */
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

  /** Sets fields for the application; its stamps are newer than all others of the record. */
  set(changes: Partial<DraftFields>): void {
    this.#byHand ??= new Set()
    for (const field of Object.keys(changes)) this.#byHand.add(field as keyof DraftFields)
    this.#assign(changes)
    this.#writtenStamps()?.markAll(changes, this.#now())
  }

  /** Sets fields that the plugin observed; they never replace what the application has set. */
  setOwn(changes: Partial<DraftFields>): void {
    const left = this.#notByHand(changes)
    this.#assign(left)
    const stamps = this.#writtenStamps()
    stamps?.markAll(left, stamps.nextOwn(), this.#now())
  }

  /**
   * Sets `data`, into which the application has merged fields.
   *
   * @param keys The changed keys of `data`; undefined when all of it is new.
   */
  merge(data: IntegrationRecord['data'], keys: readonly string[] | undefined): void {
    this.#assign({ data })
    const stamps = this.#writtenStamps()
    if (keys === undefined) stamps?.markAll({ data }, this.#now())
    else stamps?.markKeys(keys, this.#now())
  }

  /** Marks the record as truncated, for good. */
  cut(): void {
    if (this.fields.truncated) return
    this.fields.truncated = true
    this.#writtenStamps()?.markAll({ truncated: true }, this.#now())
  }

  /** Stamps the end of a call in a version without stamps as the plugin's. */
  stampOwnVersion(): void {
    if (this.revision > 0 && this.#stamps === undefined)
      this.#writtenStamps()?.markCallEnd(this.revision)
  }

  /** Takes over each field that is newer in another version of the record. */
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

  /** The first version has no stamps. */
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

/** From this many entries on, entries of garbage-collected records are removed. */
const SWEEP_FROM = 1_024

/**
 * The records of one app that were resumed and are still referenced, so that all their handles share one state. A record that was only
 * logged is not among them: each would stay in memory, with its bodies, until the next major garbage collection.
 */
export class LiveDrafts {
  readonly #clock = new StampClock()
  readonly #drafts = new Map<string, WeakRef<Draft>>()
  #sweepAt = SWEEP_FROM

  /** How many entries there are; the records of some may be garbage-collected. */
  get size(): number {
    return this.#drafts.size
  }

  /** A new record, which is not written yet. */
  open(fields: DraftFields): Draft {
    return new Draft(fields, 0, false, this.#clock)
  }

  /** The record with this id, if it was resumed and is still referenced. */
  of(id: string): Draft | undefined {
    return this.#drafts.size === 0 ? undefined : this.#drafts.get(id)?.deref()
  }

  /** The shared record for a version: the existing one, updated, or a new one. */
  resume(stored: StoredDraft): Draft {
    const { fields, revision, stamps } = stored
    const draft =
      this.of(fields.id) ??
      this.share(new Draft({ ...fields }, revision, false, this.#clock, stamps))
    draft.absorb(stored)
    return draft
  }

  /** Lets all handles of a record find it. */
  share(draft: Draft): Draft {
    if (this.#drafts.size >= this.#sweepAt) this.#sweep()
    this.#drafts.set(draft.fields.id, new WeakRef(draft))
    return draft
  }

  // Cheaper for each record than a FinalizationRegistry.
  #sweep(): void {
    for (const [id, ref] of this.#drafts) if (ref.deref() === undefined) this.#drafts.delete(id)
    this.#sweepAt = Math.max(SWEEP_FROM, 2 * this.#drafts.size)
  }
}
