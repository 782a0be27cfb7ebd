import type { RecordKind } from '@fastify-scs/core/kit/plain'

/**
 * Where an adapter forgets a user: the records of a kind, which are removed; `dead_letters`, as well; `groups`, whose people are counted
 * and whose decisions name who made them; `traces`, what removed rows leave behind in the database's own files.
 */
export type ForgetPart = RecordKind | 'dead_letters' | 'groups' | 'traces'

/** One step of forgetting a user. */
export interface ForgetStep {
  /** For records as their keys have it, which cut long texts; for the other parts whole. */
  readonly user: string
  readonly part: ForgetPart
  /** What stands for the user where a row stays. */
  readonly pseudonym: string
  /** Rows that the step removes or changes at most. */
  readonly limit: number
}

/** What a step has done. */
export interface ForgetProgress {
  /** Rows that were removed or changed. */
  readonly rows: number
  /** Whether nothing of this part was left when the step ended. */
  readonly isDone: boolean
}

/** How a user is forgotten. */
export interface ForgetUserOptions {
  /**
   * What becomes of the audit events of the user: `anonymise` keeps them with the pseudonym in place of the user and without the
   * address; `remove` removes them. @default 'anonymise'
   */
  readonly auditEvents?: 'anonymise' | 'remove'
  /** What stands for the user in what is kept; it must not tell who it was. @default 'forgotten-' and 16 random characters */
  readonly pseudonym?: string
  /** Who had the user forgotten, for the audit event. */
  readonly by?: string
  /** Called after each step with what was done so far. */
  readonly onProgress?: (soFar: ForgottenCounts) => void
}

/** How many rows were removed or changed to forget a user. */
export interface ForgottenCounts {
  /** Records that were removed, by kind. */
  readonly removed: Readonly<Record<RecordKind, number>>
  /** Audit events in which the pseudonym stands for the user now. */
  readonly anonymised: number
  /** Entries of groups: the user among the people of a group, as its assignee, or as the one who decided about it. */
  readonly groupEntries: number
  /** Dead letters that were removed: records that the database had refused. */
  readonly deadLetters: number
}

/** What `forgetUser` has done, and what it cannot do. */
export interface ForgottenUser extends ForgottenCounts {
  /** What stands for the user now. */
  readonly pseudonym: string
  /** Where the user may still be named; a sentence each. */
  readonly notReached: readonly string[]
}
