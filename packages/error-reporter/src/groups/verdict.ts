import type { GroupState, GroupStatus } from '@fastify-scs/core/kit'

/** The errors of one fingerprint. */
export interface Group {
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly firstSeenMs: number
  /** Milliseconds since 1970. */
  readonly lastSeenMs: number
  /** All occurrences since `firstSeenMs`. */
  readonly occurrences: number
  /** Occurrences since the last report. */
  readonly suppressed: number
  /** What has been decided about it, as far as this instance knows. */
  readonly status: GroupStatus
  /** Whether it was resolved and has come again in a newer release, which no report has told yet. */
  readonly isRegression: boolean
}

/** What becomes of one occurrence. */
export interface Verdict {
  readonly group: Group
  /** Whether it is to be reported. */
  readonly isDue: boolean
  /** When it is to be reported: how many due reports of any group the limit a minute has held back since the last report. */
  readonly heldBack: number
  /**
   * Asks the store whether the report is due for all instances together; to be called once, when the answer has left.
   * Resolves to the verdict with their counts, or to undefined when it is not due; never rejects. Absent without a store.
   */
  readonly confirm?: Confirm
  /**
   * Of an occurrence that is not to be reported: keeps what makes its report until the store has counted it. Should its group have
   * regressed, or its mute be over, it is reported then. Absent where another occurrence of the group is kept already.
   */
  readonly keep?: (report: LateReport) => void
}

/**
 * See `Verdict.confirm`; the title is that of the report, undefined for one that could not be built. `onLateRegression` is called when the
 * store says only after the verdict, because it took too long, that the group has regressed.
 */
export type Confirm = (
  title: string | undefined,
  onLateRegression?: (verdict: Verdict) => void,
) => Promise<Verdict | undefined>

/** What makes the report of an occurrence that was only counted. */
export interface LateReport {
  title(): string | undefined
  send(verdict: Verdict): void
}

/** A group as the store knows it. */
export function groupOf(fingerprint: string, state: GroupState): Group {
  return {
    fingerprint,
    firstSeenMs: state.firstSeenAt,
    lastSeenMs: state.lastSeenAt,
    occurrences: state.occurrences,
    suppressed: state.suppressed,
    status: state.status,
    isRegression: state.isRegression,
  }
}
