import {
  type GroupSighting,
  type GroupState,
  type GrowthRules,
  type ReportKind,
  type StoreCounter,
  within,
} from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import { StoreTimeoutError } from '../errors.js'
import type { GroupTable } from './group-table.js'
import { KeptReports, type TakenReports } from './kept-reports.js'
import { PendingCounts } from './pending-counts.js'
import { countIn, type Seen } from './seen.js'
import { type Confirm, groupOf, type Verdict } from './verdict.js'

/** How often the store is sent the counts of occurrences that are not reported, in milliseconds. */
export const SEND_EVERY_MS = 1_000

/** Calls of the store that may be unanswered at the same time; with more, a store that hangs would fill the memory. */
const MAX_UNANSWERED = 100

/** After so many failures in a row the store is asked once a second only. Fewer are often over in a moment. */
export const MAX_FAILURES_IN_A_ROW = 8

/** How the groups of several instances are shared. */
export interface SharedGroupsOptions extends GrowthRules {
  /** The release that was named; undefined for none. */
  readonly release?: string | undefined
  /** Who made a request. */
  readonly findUser: (request: FastifyRequest) => string | number | null
  readonly maxGroups: number
  /** How long the store may take to say whether a report is due, in milliseconds. */
  readonly storeTimeoutMs: number
}

/**
 * Groups that all instances with one store share. The local table decides at once; when it finds a report due, the store
 * is asked whether it is due for all instances. When the store does not answer, the local verdict stands.
 */
export class SharedGroups {
  readonly #table: GroupTable
  readonly #store: StoreCounter
  readonly #options: SharedGroupsOptions
  readonly #onOutage: (error: unknown) => void
  readonly #pending: PendingCounts
  readonly #kept = new KeptReports()
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

  /** Counts an occurrence, or those that its caller has chosen the last one of to be reported. */
  count(seen: Seen): Verdict {
    const { fingerprint, nowMs, kind, request, occurrences } = seen
    const verdict = countIn(this.#table, seen)
    const hasRoom = this.#pending.add(fingerprint, nowMs, kind, occurrences)
    if (hasRoom && request !== undefined) this.#addUser(fingerprint, request)
    if (verdict.isDue) return this.#asked(verdict, kind, occurrences !== undefined)
    this.#timer ??= this.#sendLater()
    if (seen.isUnreported === true) return verdict
    if (!this.#kept.hasRoomFor(fingerprint)) return verdict
    return { ...verdict, keep: (report) => this.#kept.add(fingerprint, report) }
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

  #addUser(fingerprint: string, request: FastifyRequest): void {
    const user = this.#options.findUser(request)
    if (user !== null) this.#pending.addUser(fingerprint, String(user))
  }

  /** The verdict with the question whether the store agrees; what waits of its group is part of that. */
  #asked(verdict: Verdict, kind: ReportKind, isChosen: boolean): Verdict {
    const sighting = this.#pending.takeForReport(verdict.group.fingerprint, kind)
    const confirm: Confirm = (title, onLate) => {
      const titled = title === undefined ? sighting : { ...sighting, title }
      return this.#confirm(verdict, titled, isChosen, onLate)
    }
    return { ...verdict, confirm }
  }

  async #confirm(
    verdict: Verdict,
    sighting: GroupSighting,
    isChosen: boolean,
    onLateRegression?: (verdict: Verdict) => void,
  ): Promise<Verdict | undefined> {
    const { fingerprint } = sighting
    let isLate = false
    if (this.#unanswered >= MAX_UNANSWERED || this.#isPausing()) {
      this.#failures++
      this.#putBack([sighting])
      return this.#unconfirmed(verdict)
    }
    const answer = this.#send([sighting], undefined)
    void answer.then(
      ([state]) => {
        if (!isLate || state === undefined || !this.#table.takeRegression(fingerprint)) return
        onLateRegression?.({
          ...verdict,
          group: { ...groupOf(fingerprint, state), isRegression: true },
        })
      },
      () => undefined,
    )
    const states = await this.#inTime(answer)
    const state = states?.[0]
    if (state === undefined) {
      isLate = true
      return this.#unconfirmed(verdict)
    }
    const isRegression = this.#table.takeRegression(fingerprint)
    const isWanted = isChosen ? state.status !== 'muted' : state.isDue || isRegression
    if (!isWanted) {
      this.#table.withdraw(verdict)
      return undefined
    }
    const group = { ...groupOf(fingerprint, state), isRegression }
    const { suppressed } = verdict.group
    return { ...verdict, group: isChosen ? { ...group, suppressed } : group }
  }

  /** The store does not answer: what this instance knows decides. */
  #unconfirmed(verdict: Verdict): Verdict {
    const isRegression = this.#table.takeRegression(verdict.group.fingerprint)
    const status = isRegression ? 'regressed' : verdict.group.status
    return { ...verdict, group: { ...verdict.group, status, isRegression } }
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
      const kept = this.#kept.take()
      if (sightings.length === 0) kept.settle()
      else await this.#inTime(this.#send(sightings.map(kept.titled), kept))
    }
    this.#timer = this.#pending.hasWaiting() ? this.#sendLater() : undefined
  }

  /** Reports those of the occurrences that were just counted whose groups have regressed or are no longer muted. */
  #reportLate(sightings: readonly GroupSighting[], taken: TakenReports): void {
    const kept = taken.settle()
    for (const { fingerprint, kind = 'non-fatal' } of sightings) {
      const report = kept.get(fingerprint)
      if (report === undefined) continue
      const verdict = this.#table.dueLate(fingerprint, Date.now())
      if (verdict !== undefined) report.send(this.#asked(verdict, kind, false))
    }
  }

  /** What the store answers; undefined when it fails or takes too long. */
  async #inTime(
    answer: Promise<readonly GroupState[]>,
  ): Promise<readonly GroupState[] | undefined> {
    const { storeTimeoutMs } = this.#options
    this.#lastCallMs = performance.now()
    try {
      const states = await within(answer, storeTimeoutMs, () => {
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
  async #send(
    sightings: readonly GroupSighting[],
    kept: TakenReports | undefined,
  ): Promise<readonly GroupState[]> {
    const states = await this.#countAll(sightings, kept)
    for (const [index, sighting] of sightings.entries()) this.#learn(sighting, states[index])
    if (kept !== undefined) this.#reportLate(sightings, kept)
    return states
  }

  async #countAll(
    sightings: readonly GroupSighting[],
    kept: TakenReports | undefined,
  ): Promise<readonly GroupState[]> {
    const { growth, quietMs, release } = this.#options
    const told = release === undefined ? sightings : sightings.map((one) => ({ ...one, release }))
    this.#unanswered++
    try {
      return await this.#store.countGroups(told, { growth, quietMs })
    } catch (error) {
      kept?.putBack()
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
