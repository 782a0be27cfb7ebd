// What a store says of itself to a person who asks, such as by `fastify-scs doctor`.

/** Something that is right about a store, or that somebody should know or mend. */
export interface StoreFinding {
  /** What was looked at: `driver`, `file`, `schema` ... */
  readonly what: string
  /** `bad`: it does not work, or data is damaged; `warning`: it works, and somebody should know. */
  readonly state: 'good' | 'warning' | 'bad'
  /** A sentence, without a password. */
  readonly says: string
  /** What to do about it. */
  readonly fix?: string
}

/**
 * What an adapter's package exports as `examineStore`: looks at a database without changing anything. `quick` asks whether it can be
 * used, `whole` whether what is stored is whole, for which all of it is read.
 *
 * @throws UrlError; all else is a finding
 */
export type ExamineStore = (url: string, depth: 'quick' | 'whole') => AsyncIterable<StoreFinding>
