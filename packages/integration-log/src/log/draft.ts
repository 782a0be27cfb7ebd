import { type FieldStamps, mergeVersions } from '@fastify-scs/core/kit'
import type { DraftFields, IntegrationRecord } from '../record.js'
import { jsonOf } from '../record.js'
import { RecordStamps, StampClock } from './stamps.js'

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
      this.#writtenStamps()?.markCallEnd(this.revision)
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

/** So many are known before those that nobody holds any more are looked for. */
const SWEEP_FROM = 1_024

/**
 * The records of one app that were resumed and are still held, so that all handles of a record share its state. A record that was only
 * logged is none of them: that would keep each, with its bodies, until the next large garbage collection.
 */
export class LiveDrafts {
  readonly #clock = new StampClock()
  readonly #drafts = new Map<string, WeakRef<Draft>>()
  #sweepAt = SWEEP_FROM

  /** How many are known, some of them held by nobody any more. */
  get size(): number {
    return this.#drafts.size
  }

  /** A new record, which is not written yet. */
  open(fields: DraftFields): Draft {
    return new Draft(fields, 0, false, this.#clock)
  }

  /** The record of this id, if it was resumed and somebody holds it. */
  of(id: string): Draft | undefined {
    return this.#drafts.size === 0 ? undefined : this.#drafts.get(id)?.deref()
  }

  /** The record of a version that was found or written: the one that is held, brought up to date, or a new one. */
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

  // Not by a FinalizationRegistry, which costs each record more than its share of a sweep.
  #sweep(): void {
    for (const [id, ref] of this.#drafts) if (ref.deref() === undefined) this.#drafts.delete(id)
    this.#sweepAt = Math.max(SWEEP_FROM, 2 * this.#drafts.size)
  }
}
