import type { GroupSighting } from './group-store.js'

/** What the store has not been told of one group. */
interface Untold {
  /** Occurrences that wait to be told. */
  waiting: number
  firstSeenAt: number
  lastSeenAt: number
  /** Occurrences that are being told. */
  underWay: number
  /** Questions whose answers have not come. */
  asked: number
}

/** What this instance has seen and not told the store yet; bounded. */
export class UntoldSightings {
  readonly #maxGroups: number
  readonly #byFingerprint = new Map<string, Untold>()

  constructor(maxGroups: number) {
    this.#maxGroups = maxGroups
  }

  /** Counts an occurrence. */
  add(fingerprint: string, nowMs: number): void {
    const untold = this.#entry(fingerprint)
    if (untold.waiting === 0) untold.firstSeenAt = nowMs
    untold.waiting++
    untold.lastSeenAt = nowMs
  }

  /** Takes what waits of one group, whose last occurrence is a candidate for a report. */
  takeCandidate(fingerprint: string): GroupSighting {
    const untold = this.#entry(fingerprint)
    untold.asked++
    return take(fingerprint, untold, true)
  }

  /** Takes what waits of all groups. */
  takeAll(): GroupSighting[] {
    const sightings: GroupSighting[] = []
    for (const [fingerprint, untold] of this.#byFingerprint) {
      if (untold.waiting > 0) sightings.push(take(fingerprint, untold, false))
    }
    return sightings
  }

  /** The store knows what was taken. */
  settle(sighting: GroupSighting): void {
    const untold = this.#byFingerprint.get(sighting.fingerprint)
    if (untold === undefined) return
    untold.underWay -= sighting.occurrences
    if (sighting.canReport) untold.asked--
    if (untold.waiting === 0 && untold.underWay === 0 && untold.asked === 0) {
      this.#byFingerprint.delete(sighting.fingerprint)
    }
  }

  /** The store does not know what was taken: it waits again. */
  putBack(sighting: GroupSighting): void {
    const untold = this.#byFingerprint.get(sighting.fingerprint)
    if (untold === undefined) return
    const { occurrences, firstSeenAt, lastSeenAt } = sighting
    if (untold.waiting === 0) untold.lastSeenAt = lastSeenAt
    untold.waiting += occurrences
    untold.firstSeenAt = firstSeenAt
    this.settle(sighting)
  }

  /** Whether anything waits to be told. */
  hasWaiting(): boolean {
    for (const { waiting } of this.#byFingerprint.values()) if (waiting > 0) return true
    return false
  }

  /** Occurrences of a group that the store has not said it knows. */
  pendingOf(fingerprint: string): number {
    const untold = this.#byFingerprint.get(fingerprint)
    return untold === undefined ? 0 : untold.waiting + untold.underWay
  }

  /** Whether a candidate of the group has not been answered. */
  isAsking(fingerprint: string): boolean {
    return (this.#byFingerprint.get(fingerprint)?.asked ?? 0) > 0
  }

  #entry(fingerprint: string): Untold {
    const known = this.#byFingerprint.get(fingerprint)
    if (known !== undefined) return known
    const [oldest] = this.#byFingerprint.keys()
    // Only a store that has not answered for long lets them pile up.
    if (this.#byFingerprint.size >= this.#maxGroups && oldest !== undefined) {
      this.#byFingerprint.delete(oldest)
    }
    const untold = { waiting: 0, firstSeenAt: 0, lastSeenAt: 0, underWay: 0, asked: 0 }
    this.#byFingerprint.set(fingerprint, untold)
    return untold
  }
}

function take(fingerprint: string, untold: Untold, canReport: boolean): GroupSighting {
  const { waiting: occurrences, firstSeenAt, lastSeenAt } = untold
  untold.underWay += occurrences
  untold.waiting = 0
  return { fingerprint, occurrences, firstSeenAt, lastSeenAt, canReport }
}
