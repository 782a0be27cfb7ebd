/** The errors of one fingerprint. */
export interface Group {
  readonly fingerprint: string
  /** Milliseconds since 1970. */
  readonly firstSeenMs: number
  readonly lastSeenMs: number
  /** All since `firstSeenMs`. */
  readonly occurrences: number
  /** Since the last report. */
  readonly suppressed: number
}

/** What becomes of one occurrence. */
export interface Verdict {
  readonly group: Group
  /** Whether it is to be reported. */
  readonly isDue: boolean
  /** Due reports of any group that were held back by the overall limit since the last one, when this one is due. */
  readonly heldBack: number
  /**
   * Asks whether it is due for all instances together; to be called once, when the answer has left. Resolves to the
   * verdict with their counts, or to undefined when it is not due; never rejects. Absent where nobody needs to be asked.
   */
  readonly confirm?: Confirm
}

/** See `Verdict.confirm`. */
export type Confirm = () => Promise<Verdict | undefined>

/** Counts errors by fingerprint and decides which are reported. */
export interface Groups {
  /** Counts an occurrence. */
  count(fingerprint: string, nowMs: number): Verdict
}

/** When a group is reported. */
export interface GroupLimits {
  /** The next report comes when a group has so many times the occurrences of the last one; 1 reports each. */
  readonly growth: number
  /** A group that was quiet for so long starts anew, in milliseconds. */
  readonly quietMs: number
  /** Of all groups together; false for no limit. */
  readonly maxCallsPerMinute: number | false
  /** Groups that are remembered; the one not seen for longest goes. */
  readonly maxGroups: number
}
