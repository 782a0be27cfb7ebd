import {
  type GroupSighting,
  type GroupState,
  type GrowthRules,
  type StoreCounter,
  within,
} from '@fastify-scs/core/kit'
import { StoreTimeoutError } from '../errors.js'
import type { Group, Groups, GroupTable, Verdict } from './group-table.js'
import { PendingCounts } from './pending-counts.js'

/** How often the store is sent the counts of occurrences that are not reported, in milliseconds. */
export const SEND_EVERY_MS = 1_000

/** Calls of the store that may be unanswered at the same time; with more, a store that hangs would fill the memory. */
const MAX_UNANSWERED = 100

/** After so many failures in a row the store is asked once a second only. Fewer are often over in a moment. */
export const MAX_FAILURES_IN_A_ROW = 8

/** How the groups of several instances are shared. */
export interface SharedGroupsOptions extends GrowthRules {
  readonly maxGroups: number
  /** How long the store may take to say whether a report is due, in milliseconds. */
  readonly storeTimeoutMs: number
}

/**
 * Groups that all instances with one store share. The local table decides at once; when it finds a report due, the store
 * is asked whether it is due for all instances. When the store does not answer, the local verdict stands.
 */
export class SharedGroups implements Groups {
  readonly #table: GroupTable
  readonly #store: StoreCounter
  readonly #options: SharedGroupsOptions
  readonly #onOutage: (error: unknown) => void
  readonly #pending: PendingCounts
  #timer: NodeJS.Timeout | undefined
  #unanswered = 0
  #failures = 0
  #failuresInARow = 0
  #lastCallMs = Number.NEGATIVE_INFINITY
  #isClosed = false

  /** @param onOutage called with the first failure of each outage of the store */
  constructor(
    table: GroupTable,
    store: StoreCounter,
    options: SharedGroupsOptions,
    onOutage: (error: unknown) => void,
  ) {
    this.#table = table
    this.#store = store
    this.#options = options
    this.#onOutage = onOutage
    this.#pending = new PendingCounts(options.maxGroups)
  }

  count(fingerprint: string, nowMs: number): Verdict {
    const verdict = this.#table.count(fingerprint, nowMs)
    this.#pending.add(fingerprint, nowMs)
    if (!verdict.isDue) {
      this.#timer ??= this.#sendLater()
      return verdict
    }
    const sighting = this.#pending.takeForReport(fingerprint)
    return { ...verdict, confirm: () => this.#confirm(verdict, sighting) }
  }

  /** How often the store failed to answer, or was not asked because it had failed too often. */
  get failures(): number {
    return this.#failures
  }

  /** Sends the store, for the last time, the counts that it does not have yet. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#sendAll()
  }

  async #confirm(verdict: Verdict, sighting: GroupSighting): Promise<Verdict | undefined> {
    if (this.#unanswered >= MAX_UNANSWERED || this.#isPausing()) {
      this.#failures++
      this.#putBack([sighting])
      return verdict
    }
    const states = await this.#ask([sighting])
    const state = states?.[0]
    if (state === undefined) return verdict
    if (state.isDue) return { ...verdict, group: groupOf(sighting.fingerprint, state) }
    this.#table.withdraw(verdict)
    return undefined
  }

  /** Whether the store has failed too often to be asked for each report: in a storm each of them would be another failure. */
  #isPausing(): boolean {
    if (this.#failuresInARow < MAX_FAILURES_IN_A_ROW) return false
    return performance.now() - this.#lastCallMs < SEND_EVERY_MS
  }

  #sendLater(): NodeJS.Timeout | undefined {
    if (this.#isClosed) return undefined
    return setTimeout(() => void this.#sendAll(), SEND_EVERY_MS).unref()
  }

  async #sendAll(): Promise<void> {
    // The timer stays set meanwhile: what is counted now is sent with the next batch.
    if (this.#unanswered < MAX_UNANSWERED) {
      const sightings = this.#pending.takeAll()
      if (sightings.length > 0) await this.#ask(sightings)
    }
    this.#timer = this.#pending.hasWaiting() ? this.#sendLater() : undefined
  }

  /** What the store answers; undefined when it fails or takes too long. */
  async #ask(sightings: readonly GroupSighting[]): Promise<readonly GroupState[] | undefined> {
    const { storeTimeoutMs } = this.#options
    this.#lastCallMs = performance.now()
    try {
      const states = await within(this.#send(sightings), storeTimeoutMs, () => {
        throw new StoreTimeoutError(storeTimeoutMs)
      })
      this.#failuresInARow = 0
      return states
    } catch (error) {
      this.#failures++
      if (this.#failuresInARow++ === 0) this.#onOutage(error)
      return undefined
    }
  }

  /** An answer that comes too late to decide is taken into account all the same. */
  async #send(sightings: readonly GroupSighting[]): Promise<readonly GroupState[]> {
    this.#unanswered++
    try {
      const { growth, quietMs } = this.#options
      const states = await this.#store.countGroups(sightings, { growth, quietMs })
      for (const [index, sighting] of sightings.entries()) this.#learn(sighting, states[index])
      return states
    } catch (error) {
      this.#putBack(sightings)
      throw error
    } finally {
      this.#unanswered--
    }
  }

  #learn(sighting: GroupSighting, state: GroupState | undefined): void {
    const { fingerprint } = sighting
    this.#pending.acknowledge(sighting)
    if (state === undefined) return
    const pending = this.#pending.pendingOf(fingerprint)
    this.#table.catchUp(fingerprint, state, pending, this.#pending.isAsking(fingerprint))
  }

  #putBack(sightings: readonly GroupSighting[]): void {
    for (const sighting of sightings) this.#pending.putBack(sighting)
    this.#timer ??= this.#sendLater()
  }
}

function groupOf(fingerprint: string, state: GroupState): Group {
  return {
    fingerprint,
    firstSeenMs: state.firstSeenAt,
    lastSeenMs: state.lastSeenAt,
    occurrences: state.occurrences,
    suppressed: state.suppressed,
  }
}
