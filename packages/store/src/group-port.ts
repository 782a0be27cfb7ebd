/** What one instance has seen of a group of like reports since it last called `countGroups` for it. */
export interface GroupSighting {
  /** Names the group; the first 512 characters count. */
  readonly fingerprint: string
  /** Occurrences since then; 0 to ask only. */
  readonly occurrences: number
  /** When the first of these occurrences was seen, in milliseconds since 1970. */
  readonly firstSeenAt: number
  /** When the last of them was seen, in milliseconds since 1970. */
  readonly lastSeenAt: number
  /** Whether the instance would report the last of them now, if a report is due; without, it stays due. */
  readonly canReport: boolean
}

/** When a report of a group is due. */
export interface GroupRules {
  /** The next report is due at so many times the occurrences of the last one, from 1; 1 for each occurrence. */
  readonly growth: number
  /** A group that was not seen for so long begins a new streak, in milliseconds. */
  readonly quietMs: number
}

/** A group as all instances together have seen it. */
export interface GroupState {
  readonly fingerprint: string
  /** All of them since `firstSeenAt`. */
  readonly occurrences: number
  /** Milliseconds since 1970. */
  readonly firstSeenAt: number
  /** Milliseconds since 1970. */
  readonly lastSeenAt: number
  /** Occurrences since the last quiet time. */
  readonly streak: number
  /** The streak at which the next report is due. */
  readonly dueAt: number
  /** Occurrences that were not reported since the last report, the one that is due now not among them. */
  readonly suppressed: number
  /** Whether the instance that asked is to report now; only one is told so. */
  readonly isDue: boolean
}

/** Counts groups of like reports for all instances that share the database. */
export interface StoreCounter {
  /**
   * Adds sightings to their groups, all or none of them, and tells for each, in the same order, how its group stands then.
   * Two instances that ask for a group at once are answered one after the other.
   *
   * @throws FilterError when a sighting or a rule is wrong; StoreUnavailableError, and then it may have been counted
   */
  countGroups(
    sightings: readonly GroupSighting[],
    rules: GroupRules,
  ): Promise<readonly GroupState[]>
}
