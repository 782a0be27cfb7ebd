import type { GroupSighting, ReportKind } from '@fastify-scs/core/kit'

/** People of one group that are kept between two calls of the store. */
export const MAX_USERS = 100

/** The counts of one group that the store does not have. */
interface PendingCount {
  /** Occurrences that have not been sent. */
  waiting: number
  /** When the first of them was seen, in milliseconds since 1970. */
  firstSeenAt: number
  lastSeenAt: number
  /** Occurrences that were sent and not acknowledged. */
  sent: number
  /** Questions whether a report is due that the store has not answered. */
  asked: number
  readonly kind: ReportKind
  /** Who was affected by the occurrences that have not been sent; undefined for nobody. */
  users: Set<string> | undefined
}

/** What this instance has counted and the store has not acknowledged; bounded. */
export class PendingCounts {
  readonly #maxGroups: number
  readonly #byFingerprint = new Map<string, PendingCount>()

  constructor(maxGroups: number) {
    this.#maxGroups = maxGroups
  }

  /** Counts occurrences; whether there is room for the name of whom they affected. */
  add(fingerprint: string, nowMs: number, kind: ReportKind, occurrences: number = 1): boolean {
    const pending = this.#entry(fingerprint, kind)
    if (pending.waiting === 0) pending.firstSeenAt = nowMs
    pending.waiting += occurrences
    pending.lastSeenAt = nowMs
    return pending.users === undefined || pending.users.size < MAX_USERS
  }

  /** Adds who was affected by what was counted just now. */
  addUser(fingerprint: string, user: string): void {
    const pending = this.#byFingerprint.get(fingerprint)
    if (pending === undefined) return
    pending.users ??= new Set()
    pending.users.add(user)
  }

  /** Takes what waits of one group, to ask whether a report of its last occurrence is due. */
  takeForReport(fingerprint: string, kind: ReportKind): GroupSighting {
    const pending = this.#entry(fingerprint, kind)
    pending.asked++
    return take(fingerprint, pending, true)
  }

  /** Takes what waits of all groups. */
  takeAll(): GroupSighting[] {
    const sightings: GroupSighting[] = []
    for (const [fingerprint, pending] of this.#byFingerprint) {
      if (pending.waiting > 0) sightings.push(take(fingerprint, pending, false))
    }
    return sightings
  }

  /** The store has counted what was taken. */
  acknowledge(sighting: GroupSighting): void {
    const pending = this.#byFingerprint.get(sighting.fingerprint)
    if (pending === undefined) return
    pending.sent -= sighting.occurrences
    if (sighting.canReport) pending.asked--
    if (pending.waiting === 0 && pending.sent === 0 && pending.asked === 0) {
      this.#byFingerprint.delete(sighting.fingerprint)
    }
  }

  /** The store has not counted what was taken: it waits again. */
  putBack(sighting: GroupSighting): void {
    const pending = this.#byFingerprint.get(sighting.fingerprint)
    if (pending === undefined) return
    const { occurrences, firstSeenAt, users = [] } = sighting
    // `lastSeenAt` is that of the newest occurrence still, but another sighting may have been put back before this one.
    const isEarlier = pending.waiting === 0 || firstSeenAt < pending.firstSeenAt
    if (isEarlier) pending.firstSeenAt = firstSeenAt
    pending.waiting += occurrences
    pending.users ??= new Set()
    for (const user of users) if (pending.users.size < MAX_USERS) pending.users.add(user)
    this.acknowledge(sighting)
  }

  /** Whether anything waits to be sent. */
  hasWaiting(): boolean {
    for (const { waiting } of this.#byFingerprint.values()) if (waiting > 0) return true
    return false
  }

  /** Occurrences of a group that the store has not acknowledged. */
  pendingOf(fingerprint: string): number {
    const pending = this.#byFingerprint.get(fingerprint)
    return pending === undefined ? 0 : pending.waiting + pending.sent
  }

  /** Whether the store has yet to answer whether a report of the group is due. */
  isAsking(fingerprint: string): boolean {
    return (this.#byFingerprint.get(fingerprint)?.asked ?? 0) > 0
  }

  #entry(fingerprint: string, kind: ReportKind): PendingCount {
    const known = this.#byFingerprint.get(fingerprint)
    if (known !== undefined) return known
    const [oldest] = this.#byFingerprint.keys()
    // Groups pile up only while the store does not answer.
    if (this.#byFingerprint.size >= this.#maxGroups && oldest !== undefined) {
      this.#byFingerprint.delete(oldest)
    }
    const counts = { waiting: 0, firstSeenAt: 0, lastSeenAt: 0, sent: 0, asked: 0 }
    const pending = { ...counts, kind, users: undefined }
    this.#byFingerprint.set(fingerprint, pending)
    return pending
  }
}

function take(fingerprint: string, pending: PendingCount, canReport: boolean): GroupSighting {
  const { waiting: occurrences, firstSeenAt, lastSeenAt, kind, users } = pending
  pending.sent += occurrences
  pending.waiting = 0
  pending.users = undefined
  const sighting = { fingerprint, occurrences, firstSeenAt, lastSeenAt, canReport, kind }
  return users === undefined || users.size === 0 ? sighting : { ...sighting, users: [...users] }
}
