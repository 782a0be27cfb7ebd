import { beginningOf, type ReportKind, type StoreCounter } from '@fastify-scs/core/kit'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import type { ReporterCallbackFailures, ResolvedOptions } from '../options.js'
import { traitsOf } from './error-traits.js'
import { FingerprintCache, fingerprintOf, normalizeMessage } from './fingerprint.js'
import { GroupTable } from './group-table.js'
import { countIn } from './seen.js'
import { SharedGroups, type SharedGroupsOptions } from './shared-groups.js'
import type { Verdict } from './verdict.js'

/** One error that is to be counted. */
export interface CountedError {
  readonly kind: ReportKind
  /** Undefined outside of a request. */
  readonly request: FastifyRequest | undefined
  /** What was thrown or caught; undefined for neither. */
  readonly caught: unknown
  /** The endpoint, `process` for an uncaught exception, or an empty string. */
  readonly place: string
  /** The title of a `reportError`, or the code and description of a 5xx that was returned without an error. */
  readonly text: string
  /** Makes the stack of the call of `reportError`; used when the error has none. */
  readonly callStack: (() => string | undefined) | undefined
  /** Frames that were given for what has no error. */
  readonly trace?: readonly string[] | undefined
  /** How many occurrences it stands for, where the caller has decided that it is reported; undefined where the group decides. */
  readonly occurrences?: number | undefined
  /** Whether the caller has decided that it is not reported. */
  readonly isUnreported?: boolean
}

/** How long a fingerprint is reused without another look at the stack, in milliseconds. */
export const RECHECK_MS = 1_000
const MAX_FINGERPRINT_CHARS = 128
const NO_TRAITS = { name: '', code: '', message: '', origins: [] } as const

/** Puts errors into groups by their fingerprints, and decides which are reported. */
export class Grouping {
  readonly #options: ResolvedOptions
  readonly #failures: ReporterCallbackFailures
  readonly #log: FastifyBaseLogger
  readonly #table: GroupTable
  readonly #cache: FingerprintCache
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
    this.#cache = new FingerprintCache(options.maxGroups, RECHECK_MS)
  }

  /** From now on shares the groups with all instances that have the store; the others as in `SharedGroups`. */
  share(
    store: StoreCounter,
    release: SharedGroupsOptions['release'],
    findUser: SharedGroupsOptions['findUser'],
    onOutage: (error: unknown) => void,
  ): void {
    const options = { ...this.#options, release, findUser }
    this.#shared = new SharedGroups(this.#table, store, options, onOutage)
  }

  /** Counts an error and decides whether it is reported. */
  count(error: CountedError, nowMs: number = Date.now()): Verdict {
    const fingerprint = this.#customOf(error.caught) ?? this.#defaultOf(error, nowMs)
    const { kind, request, occurrences, isUnreported } = error
    const seen = { fingerprint, nowMs, kind, request, occurrences, isUnreported }
    return this.#shared === undefined ? countIn(this.#table, seen) : this.#shared.count(seen)
  }

  /** Counts an error that its caller does not report; whether it should, because its group has regressed or is no longer muted. */
  countUnreported(error: CountedError): boolean {
    const { group } = this.count({ ...error, isUnreported: true })
    return this.#table.isReopened(group.fingerprint)
  }

  /** Sends the store the counts that it does not have yet. Never rejects. */
  async close(): Promise<void> {
    await this.#shared?.close()
  }

  stats(): ReturnType<GroupTable['stats']> & { readonly storeFailures: number } {
    return { ...this.#table.stats(), storeFailures: this.#shared?.failures ?? 0 }
  }

  #customOf(caught: unknown): string | undefined {
    const { fingerprint } = this.#options
    if (fingerprint === undefined) return undefined
    const call = (): string | undefined => fingerprint(caught)
    const instead = 'the error is grouped by the default fingerprint'
    const custom = this.#failures.guard('fingerprint', call, undefined, this.#log, instead)
    return typeof custom === 'string' && custom !== ''
      ? beginningOf(custom, MAX_FINGERPRINT_CHARS)
      : undefined
  }

  #defaultOf(error: CountedError, nowMs: number): string {
    const { kind, caught, place, text, callStack, trace } = error
    const isSlow = kind === 'slow' || kind === 'stuck'
    // The slow calls of an endpoint are one group, whatever their limits, and where they are found out says nothing.
    if (isSlow && place !== '') return fingerprintOf(`${kind} ${place}`, NO_TRAITS, '', this.#root)
    const given = trace?.join('\n')
    // What held the event loop up is a place in the code; for how long is no part of it.
    if (kind === 'blocked') return fingerprintOf(`${kind} ${place}`, NO_TRAITS, given, this.#root)
    const { name, code, message: own, origins } = traitsOf(caught)
    const message = normalizeMessage(`${text}${own}`)
    const plainLook = `${kind}\n${name}\n${code}\n${place}\n${message}`
    const look = origins.length === 0 ? plainLook : `${plainLook}\n${origins.join('\n')}`
    // Frames that were given cost nothing to read.
    const cached = given === undefined ? this.#cache.get(look, nowMs) : undefined
    if (cached !== undefined) return cached
    const stack = stackOf(caught) ?? given ?? callStack?.()
    // Without a stack only the place tells where it happened.
    const where = stack === undefined ? `${kind} ${place}` : kind
    const fingerprint = fingerprintOf(where, { name, code, message, origins }, stack, this.#root)
    if (given === undefined) this.#cache.set(look, fingerprint, nowMs)
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
