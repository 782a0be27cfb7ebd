import { Draft, type DraftFields, type StoredDraft } from './draft.js'
import { StampClock } from './stamp-clock.js'

/** So many are known before those that nobody holds any more are looked for. */
const SWEEP_FROM = 1_024

/** The records of one app that somebody holds a handle on, so that all handles of a record share its state. */
export class LiveDrafts {
  readonly #clock = new StampClock()
  readonly #drafts = new Map<string, WeakRef<Draft>>()
  #sweepAt = SWEEP_FROM

  /** The stamp of the last change of any of them. */
  get lastChange(): number {
    return this.#clock.last
  }

  /** A new record, which is not written yet. */
  open(fields: DraftFields, isObserved: boolean = false): Draft {
    return this.#add(new Draft(fields, 0, isObserved, this.#clock))
  }

  /** The record of this id, if somebody holds it. */
  of(id: string): Draft | undefined {
    return this.#drafts.get(id)?.deref()
  }

  /** A record that was found in the store, and nobody holds. */
  adopt(stored: StoredDraft): Draft {
    const draft = new Draft({ ...stored.data }, stored.revision + 1, false, this.#clock)
    draft.adopt(stored)
    return this.#add(draft)
  }

  #add(draft: Draft): Draft {
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
