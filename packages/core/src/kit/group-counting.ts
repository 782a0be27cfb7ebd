// How instances count groups of like reports together.
import type { GrowthRules } from './growth.js'

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
  /** Whether the instance would report the last of them if a report is due; if not, the report stays due. */
  readonly canReport: boolean
  /** What people read of the group: the title of its last report. The first 500 characters count. */
  readonly title?: string
  readonly kind?: ReportKind
  /** The version of the service that has seen them. */
  readonly release?: string
  /** Who was affected, each once; 100 at most. Only digests of them are stored. */
  readonly users?: readonly string[]
}

/** What a report is about; `blocked`: the event loop was held up. */
export type ReportKind = 'fatal' | 'non-fatal' | 'slow' | 'stuck' | 'blocked'

/**
 * What has been decided about a group of errors. `open`: nothing. `resolved`: a release fixes it. `muted`: counted and not reported.
 * `regressed`: it came again in a release newer than the one that was to fix it.
 */
export type GroupStatus = 'open' | 'resolved' | 'muted' | 'regressed'

/** A group as all instances together have seen it. */
export interface GroupState {
  readonly fingerprint: string
  /** All occurrences since `firstSeenAt`. */
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
  /** Whether the instance that asked reports now; it is true for one instance only, and never for a muted group. */
  readonly isDue: boolean
  readonly status: GroupStatus
  /** Whether the group has become `regressed` with this sighting; it is true for one sighting only. */
  readonly isRegression: boolean
}

/** Counts groups of like reports for all instances that share the database. */
export interface StoreCounter {
  /**
   * Adds sightings to their groups, all or none of them, and returns the state of each one's group, in the same order.
   * Two instances that ask for a group at once are answered one after the other.
   *
   * @throws FilterError when a sighting or a rule is wrong; StoreUnavailableError, and then it may have been counted; ReadOnlyError
   */
  countGroups(
    sightings: readonly GroupSighting[],
    rules: GrowthRules,
  ): Promise<readonly GroupState[]>

  /**
   * Notes that a release runs, which begins with its first note: where releases are no semantic versions, the one that began later is
   * the newer one. While the database is away the note is kept and made later, and the promise resolves.
   *
   * @throws FilterError; ReadOnlyError
   */
  noteRelease(release: string, at: number): Promise<void>
}
