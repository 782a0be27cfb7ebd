import type { JsonValue } from '@fastify-scs/core'

/** A frame of the stack of a blocked event loop, with the frames that it called. */
export type StackNode = {
  /** The function; `(anonymous)` for one without a name. */
  readonly name: string
  /** A path, or `node:fs`. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Whether it lies in the application: not in a package and not in Node.js. */
  readonly isOwn: boolean
  /** Samples that were within it. */
  readonly samples: number
  /** Share of all samples, 0 to 1. */
  readonly share: number
  readonly children: StackNode[]
}

/** A call that was unanswered while the event loop was blocked. */
export type OpenCall = {
  /** Method and route pattern. */
  readonly endpoint: string
  readonly requestId: string
  readonly ageMs: number
}

/** A blocked event loop, and what held it up. */
export type BlockedReport = {
  readonly kind: 'blocked'
  /** `GET /report blocked the event loop for 3012 millisec!` */
  readonly title: string
  /** When the loop was last seen alive, as ISO 8601. */
  readonly since: string
  /** Milliseconds from then until the loop was alive again, or until the last sample. */
  readonly blockedMs: number
  /** The option `blockedAfterMs`. */
  readonly limitMs: number
  /** `ended`: the loop went on; `process-ended`: the process ended before it did, and a later start has found what was written of it. */
  readonly end: 'ended' | 'process-ended'
  /** Method, pattern, redacted URL and id of the request whose code ran; null where none is known. */
  readonly method: string | null
  readonly route: string | null
  readonly url: string | null
  readonly requestId: string | null
  /** All calls that were unanswered, oldest first; 20 at most. */
  readonly inFlight: OpenCall[]
  /** Outbound calls and queries of the request that had not ended, as its facts describe them. */
  readonly openCalls: JsonValue[]
  readonly samples: number
  /** The frames of all samples put together, outermost first, own frames and those they lead to. */
  readonly tree: StackNode[]
  /** The stack that most samples have, innermost first, as V8 writes frames. */
  readonly stack: string[]
  /** How many were found at this place since the last report of it. */
  readonly suppressed: number
  /** What the stack cannot say, in a sentence: native code held the loop, for example. */
  readonly note?: string | null
}
