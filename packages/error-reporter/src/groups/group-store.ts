/** The part of `app.scsStore` that counts groups. */
export interface GroupStore {
  countGroups(
    sightings: readonly GroupSighting[],
    rules: { readonly growth: number; readonly quietMs: number },
  ): Promise<readonly GroupState[]>
}

/** What this instance has seen of a group since it told of it last, as `@fastify-scs/store` takes it. */
export interface GroupSighting {
  readonly fingerprint: string
  readonly occurrences: number
  /** Milliseconds since 1970. */
  readonly firstSeenAt: number
  readonly lastSeenAt: number
  /** Whether this instance would report the last of them now. */
  readonly canReport: boolean
}

/** A group as all instances have seen it. */
export interface GroupState {
  readonly occurrences: number
  /** Milliseconds since 1970. */
  readonly firstSeenAt: number
  readonly lastSeenAt: number
  /** Occurrences since the last quiet time. */
  readonly streak: number
  /** The streak at which the next report is due. */
  readonly dueAt: number
  /** Since the last report. */
  readonly suppressed: number
  /** Whether this instance is to report now. */
  readonly isDue: boolean
}

/** Whether a store can count groups; an older one cannot. */
export function canCountGroups(store: object): store is GroupStore {
  return typeof (store as { countGroups?: unknown }).countGroups === 'function'
}
