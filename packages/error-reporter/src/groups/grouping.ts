import { beginningOf } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger } from 'fastify'
import type { ReporterCallbackFailures } from '../callbacks.js'
import type { ResolvedOptions } from '../options.js'
import { traitsOf } from './error-traits.js'
import { fingerprintOf, normalizeMessage } from './fingerprint.js'
import type { Groups, Verdict } from './group.js'
import type { GroupStore } from './group-store.js'
import { GroupTable } from './group-table.js'
import { KnownFingerprints } from './known-fingerprints.js'
import { SharedGroups } from './shared-groups.js'

/** One error that is to be counted. */
export interface Counted {
  readonly isFatal: boolean
  /** What was thrown or caught; undefined for neither. */
  readonly caught: unknown
  /** The endpoint, or what stands for it. */
  readonly place: string
  /** The title of a `reportError`, or what a returned 5xx says of itself. */
  readonly text: string
  /** Makes the stack of the call; used when the error has none. */
  readonly callStack: (() => string | undefined) | undefined
}

/** How long a fingerprint is trusted without a look at the stack, in milliseconds. */
export const RECHECK_MS = 1_000
const MAX_FINGERPRINT_CHARS = 128

/** Puts errors into groups, and says which are reported. */
export class Grouping {
  readonly #options: ResolvedOptions
  readonly #failures: ReporterCallbackFailures
  readonly #log: FastifyBaseLogger
  readonly #table: GroupTable
  readonly #known: KnownFingerprints
  readonly #root = process.cwd()
  #shared: SharedGroups | undefined

  constructor(
    options: ResolvedOptions,
    failures: ReporterCallbackFailures,
    log: FastifyBaseLogger,
  ) {
    this.#options = options
    this.#failures = failures
    this.#log = log
    this.#table = new GroupTable(options)
    this.#known = new KnownFingerprints(options.maxGroups, RECHECK_MS)
  }

  /** Shares the groups with all instances that have the store, from now on; `onOutage` as in `SharedGroups`. */
  share(store: GroupStore, onOutage: (error: unknown) => void): void {
    this.#shared = new SharedGroups(this.#table, store, this.#options, onOutage)
  }

  /** Counts an error and decides whether it is reported. */
  count(counted: Counted, nowMs: number = Date.now()): Verdict {
    const fingerprint = this.#customOf(counted.caught) ?? this.#defaultOf(counted, nowMs)
    const groups: Groups = this.#shared ?? this.#table
    return groups.count(fingerprint, nowMs)
  }

  /** Tells the store what it does not know yet. Never rejects. */
  async close(): Promise<void> {
    await this.#shared?.close()
  }

  stats(): ReturnType<GroupTable['stats']> & { readonly storeFailures: number } {
    return { ...this.#table.stats(), storeFailures: this.#shared?.failures ?? 0 }
  }

  #customOf(caught: unknown): string | undefined {
    const custom = this.#options.fingerprint
    if (custom === undefined) return undefined
    const call = (): string | undefined => custom(caught)
    const instead = 'the default stood in'
    const own = this.#failures.guard('fingerprint', call, undefined, this.#log, instead)
    return typeof own === 'string' && own !== ''
      ? beginningOf(own, MAX_FINGERPRINT_CHARS)
      : undefined
  }

  #defaultOf(counted: Counted, nowMs: number): string {
    const { isFatal, caught, place, text, callStack } = counted
    const kind = isFatal ? 'fatal' : 'non-fatal'
    const { name, code, message: own, origins } = traitsOf(caught)
    const message = normalizeMessage(`${text}${own}`)
    const outside = `${kind}\n${name}\n${code}\n${place}\n${message}`
    const look = origins.length === 0 ? outside : `${outside}\n${origins.join('\n')}`
    const known = this.#known.get(look, nowMs)
    if (known !== undefined) return known
    const stack = stackOf(caught) ?? callStack?.()
    // Without a stack the place is all that tells where it happened.
    const where = stack === undefined ? `${kind} ${place}` : kind
    const traits = { name, code, message, origins }
    const fingerprint = fingerprintOf(where, traits, stack, this.#root)
    this.#known.set(look, fingerprint, nowMs)
    return fingerprint
  }
}

function stackOf(caught: unknown): string | undefined {
  try {
    const { stack } = (caught ?? {}) as { stack?: unknown }
    return typeof stack === 'string' && stack !== '' ? stack : undefined
  } catch {
    // A getter or a Proxy trap threw.
    return undefined
  }
}
