import { within } from '../within.js'
import type { Group, Groups, Verdict } from './group.js'
import type { GroupSighting, GroupState, GroupStore } from './group-store.js'
import type { GroupTable } from './group-table.js'
import { UntoldSightings } from './pending-counts.js'

/** How often the store is told what is no candidate for a report, in milliseconds. */
export const TELL_EVERY_MS = 1_000

/** Questions that may be unanswered at once; with more, a store that hangs would fill the memory. */
const MAX_UNANSWERED = 100

/** Candidates for which a store that fails is asked all the same, since many a failure is over in a moment. */
export const MAX_EAGER_QUESTIONS = 8

/** What the groups of several instances are shared by. */
export interface SharedGroupsOptions {
  readonly growth: number
  readonly quietMs: number
  readonly maxGroups: number
  /** How long the store may take to say whether a report is due, in milliseconds. */
  readonly storeTimeoutMs: number
}

/**
 * Groups that all instances with one store share. The local table decides at once; what it finds due is a candidate, and
 * reported when the store says so. When the store does not answer, the local verdict stands.
 */
export class SharedGroups implements Groups {
  readonly #table: GroupTable
  readonly #store: GroupStore
  readonly #options: SharedGroupsOptions
  readonly #onOutage: (error: unknown) => void
  readonly #untold: UntoldSightings
  #timer: NodeJS.Timeout | undefined
  #unanswered = 0
  #failures = 0
  #isOut = false
  /** Questions that were not answered since the last answer. */
  #failedInARow = 0
  #askedMs = Number.NEGATIVE_INFINITY
  #isClosed = false

  /** @param onOutage told once of each time in which the store does not answer */
  constructor(
    table: GroupTable,
    store: GroupStore,
    options: SharedGroupsOptions,
    onOutage: (error: unknown) => void,
  ) {
    this.#table = table
    this.#store = store
    this.#options = options
    this.#onOutage = onOutage
    this.#untold = new UntoldSightings(options.maxGroups)
  }

  count(fingerprint: string, nowMs: number): Verdict {
    const verdict = this.#table.count(fingerprint, nowMs)
    this.#untold.add(fingerprint, nowMs)
    if (!verdict.isDue) {
      this.#timer ??= this.#tellLater()
      return verdict
    }
    const sighting = this.#untold.takeCandidate(fingerprint)
    return { ...verdict, confirm: () => this.#confirm(verdict, sighting) }
  }

  /** Questions that the store has not answered, or not in time. */
  get failures(): number {
    return this.#failures
  }

  /** Tells the store what it does not know yet, for the last time. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#tellAll()
  }

  async #confirm(verdict: Verdict, sighting: GroupSighting): Promise<Verdict | undefined> {
    if (this.#unanswered >= MAX_UNANSWERED || this.#isResting()) {
      this.#failures++
      this.#putBack([sighting])
      return verdict
    }
    const states = await this.#ask([sighting])
    const state = states?.[0]
    if (state === undefined) return verdict
    if (state.isDue) return { ...verdict, group: groupOf(sighting.fingerprint, state) }
    this.#table.withdraw(verdict)
    return undefined
  }

  /** Whether the store has failed for a while: then it is asked once a second, as a storm would else make an error for each report. */
  #isResting(): boolean {
    if (this.#failedInARow < MAX_EAGER_QUESTIONS) return false
    return performance.now() - this.#askedMs < TELL_EVERY_MS
  }

  #tellLater(): NodeJS.Timeout | undefined {
    if (this.#isClosed) return undefined
    return setTimeout(() => void this.#tellAll(), TELL_EVERY_MS).unref()
  }

  async #tellAll(): Promise<void> {
    // The timer stays set meanwhile: what comes in now is told with the next batch.
    if (this.#unanswered < MAX_UNANSWERED) {
      const sightings = this.#untold.takeAll()
      if (sightings.length > 0) await this.#ask(sightings)
    }
    this.#timer = this.#untold.hasWaiting() ? this.#tellLater() : undefined
  }

  /** Asks the store; undefined when it fails or takes too long. */
  async #ask(sightings: readonly GroupSighting[]): Promise<readonly GroupState[] | undefined> {
    this.#askedMs = performance.now()
    try {
      const states = await within(this.#tell(sightings), this.#options.storeTimeoutMs)
      this.#isOut = false
      this.#failedInARow = 0
      return states
    } catch (error) {
      this.#failures++
      this.#failedInARow++
      if (!this.#isOut) this.#onOutage(error)
      this.#isOut = true
      return undefined
    }
  }

  /** What comes of it is taken note of however late it comes. */
  async #tell(sightings: readonly GroupSighting[]): Promise<readonly GroupState[]> {
    this.#unanswered++
    try {
      const states = await this.#store.countGroups(sightings, {
        growth: this.#options.growth,
        quietMs: this.#options.quietMs,
      })
      for (const [index, sighting] of sightings.entries()) this.#learn(sighting, states[index])
      return states
    } catch (error) {
      this.#putBack(sightings)
      throw error
    } finally {
      this.#unanswered--
    }
  }

  #learn(sighting: GroupSighting, state: GroupState | undefined): void {
    const { fingerprint } = sighting
    this.#untold.settle(sighting)
    if (state === undefined) return
    const pending = this.#untold.pendingOf(fingerprint)
    this.#table.catchUp(fingerprint, state, pending, this.#untold.isAsking(fingerprint))
  }

  #putBack(sightings: readonly GroupSighting[]): void {
    for (const sighting of sightings) this.#untold.putBack(sighting)
    this.#timer ??= this.#tellLater()
  }
}

function groupOf(fingerprint: string, state: GroupState): Group {
  return {
    fingerprint,
    firstSeenMs: state.firstSeenAt,
    lastSeenMs: state.lastSeenAt,
    occurrences: state.occurrences,
    suppressed: state.suppressed,
  }
}
