import type { GroupSighting } from '@fastify-scs/core/kit'
import type { LateReport } from './verdict.js'

/**
 * Occurrences that may wait at the same time to be reported after all; they keep their requests in memory. One of a group that has no
 * room makes its next one due.
 */
export const MAX_KEPT = 32

/** Of groups whose counts go to the store: one occurrence that is reported should the answer say that its group is open again. */
export class KeptReports {
  /** By fingerprint: those whose counts have not been sent. */
  #waiting = new Map<string, LateReport>()
  /** Also those that were taken. */
  #size = 0

  hasRoomFor(fingerprint: string): boolean {
    return this.#size < MAX_KEPT && !this.#waiting.has(fingerprint)
  }

  add(fingerprint: string, report: LateReport): void {
    if (!this.hasRoomFor(fingerprint)) return
    this.#size++
    this.#waiting.set(fingerprint, report)
  }

  /** Takes all of them, their counts being sent; `settle` or `putBack` is to be called once. */
  take(): TakenReports {
    const taken = this.#waiting
    this.#waiting = new Map()
    return {
      titled: (sighting) => {
        const title = taken.get(sighting.fingerprint)?.title()
        return title === undefined ? sighting : { ...sighting, title }
      },
      settle: () => {
        this.#size -= taken.size
        return taken
      },
      putBack: () => this.#putBack(taken),
    }
  }

  #putBack(taken: ReadonlyMap<string, LateReport>): void {
    for (const [fingerprint, report] of taken) {
      // A newer one of the group has taken its place.
      if (this.#waiting.has(fingerprint)) this.#size--
      else this.#waiting.set(fingerprint, report)
    }
  }
}

/** Kept reports whose counts are being sent. */
export interface TakenReports {
  /** A sighting with the title of its group's report. */
  titled(sighting: GroupSighting): GroupSighting
  /** The store has answered: they are kept no longer. */
  settle(): ReadonlyMap<string, LateReport>
  /** The store has not counted them: they wait again. */
  putBack(): void
}
