import { Draft, type DraftFields, type StoredDraft } from './draft.js'
import { StampClock } from './stamp-clock.js'

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
