import { setTimeout as pause } from 'node:timers/promises'
import type { FoundRecord, StoreRecord } from '@fastify-scs/core/kit'
import { LineLimiter } from '@fastify-scs/core/kit'
import type { CheckedAdapter } from '../checked-adapter.js'
import { RecordRefusedError } from '../errors.js'
import type { ExpectedVersion, UnkeptRecord } from '../port.js'
import type { Settle } from '../queue/queued-record.js'
import { nextVersion, withoutKey } from '../record/versions.js'
import type { RedactedLog } from '../redacted-log.js'
import type { DeadLetters } from './dead-letters.js'
import { placeOf, singleGroups, type VersionGroup } from './version-group.js'
import type { MutableWriteCounts } from './write-counts.js'

/**
 * Attempts to store a version before it is given up because others changed its record each time. Of 8 processes that changed one
 * record all the time one needed 25.
 */
export const MAX_TRIES = 200
/** Before the second pair of attempts at most, in milliseconds; doubled with each pair. */
const FIRST_PAUSE_MS = 4
/** Between two attempts at most, in milliseconds; after longer pauses a process would hardly ever win. */
const MAX_PAUSE_MS = 100

/** An attempt to store a version: what is to be stored, and of which stored version it was made. */
interface Attempt {
  readonly group: VersionGroup
  /** This process's version, not merged; without its key once another record turned out to have it. */
  readonly record: StoreRecord
  /** The stored version that was read last. */
  readonly found: FoundRecord | undefined
  readonly version: ExpectedVersion
}

/** Stores versions of records that others may change at the same time: merged with the stored version, never in its place. */
export class VersionSender {
  readonly #adapter: CheckedAdapter
  readonly #deadLetters: DeadLetters
  readonly #counts: MutableWriteCounts
  readonly #log: RedactedLog
  readonly #settle: Settle
  /** What is being sent, by the record. */
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #keyLines: LineLimiter

  constructor(
    adapter: CheckedAdapter,
    deadLetters: DeadLetters,
    counts: MutableWriteCounts,
    log: RedactedLog,
    settle: Settle,
  ) {
    this.#adapter = adapter
    this.#deadLetters = deadLetters
    this.#counts = counts
    this.#log = log
    this.#settle = settle
    this.#keyLines = new LineLimiter(log)
  }

  /** Stores versions, after those of the same records that are being sent. @throws what the adapter does when it is not available */
  async send(groups: readonly VersionGroup[]): Promise<void> {
    const places = groups.map(({ record }) => placeOf(record))
    const before = places.map((place) => this.#underWay.get(place))
    // Two batches of one process must not compete for one record.
    const sending = Promise.allSettled(before).then(() => this.#sendOnceEach(groups))
    for (const place of places) this.#underWay.set(place, sending)
    try {
      await sending
    } finally {
      for (const place of places)
        if (this.#underWay.get(place) === sending) this.#underWay.delete(place)
    }
  }

  /** Sends versions of one record that could not be merged one after the other. */
  async #sendOnceEach(groups: readonly VersionGroup[]): Promise<void> {
    const firsts = new Map<string, VersionGroup>()
    const others = groups.filter((group) => {
      const place = placeOf(group.record)
      return firsts.has(place) || firsts.set(place, group) === undefined
    })
    await this.#sendNow([...firsts.values()])
    if (others.length > 0) await this.#sendOnceEach(others)
  }

  async #sendNow(groups: readonly VersionGroup[]): Promise<void> {
    try {
      await this.#tryToSet(groups)
    } catch (error) {
      if (!(error instanceof RecordRefusedError)) throw error
      await this.#sendParted(groups.filter(isUnsettled), error)
    }
  }

  /** Finds the refused version: by halving, and then among the entries that were merged. */
  async #sendParted(groups: readonly VersionGroup[], refusal: Error): Promise<void> {
    const [only] = groups
    if (only === undefined) return
    if (groups.length > 1) {
      const half = Math.ceil(groups.length / 2)
      await this.#sendNow(groups.slice(0, half))
      await this.#sendNow(groups.slice(half))
    } else if (only.entries.length > 1) {
      for (const single of singleGroups(only.entries)) await this.#sendNow([single])
    } else await this.#keepDeadLetter(only, refusal, 'a record is refused')
  }

  async #tryToSet(groups: readonly VersionGroup[]): Promise<void> {
    let attempts: readonly Attempt[] = groups.map(firstAttempt)
    for (let tries = 0; attempts.length > 0; tries++) {
      if (tries === MAX_TRIES) return this.#giveUp(attempts)
      // What is stored may change in the next moment: of two attempts the first reads it, and the second follows at once.
      if (tries > 0 && tries % 2 === 0) await pause(pauseMs(tries), undefined, { ref: false })
      const unkept = await this.#adapter.compareAndSet(attempts.map(({ version }) => version))
      attempts = this.#sortOut(attempts, unkept)
    }
  }

  /** Settles what was stored; returns the next attempts for the others. */
  #sortOut(attempts: readonly Attempt[], unkept: readonly UnkeptRecord[]): readonly Attempt[] {
    const answers = new Map(unkept.map((answer) => [answer.id, answer]))
    return attempts.flatMap((attempt) => {
      const answer = answers.get(attempt.record.id)
      const next = answer === undefined ? undefined : this.#nextAttempt(attempt, answer)
      if (next !== undefined) return [next]
      this.#counts.written += this.#settle(attempt.group.entries)
      return []
    })
  }

  /** Undefined when all of it is stored already. */
  #nextAttempt(attempt: Attempt, answer: UnkeptRecord): Attempt | undefined {
    const { group } = attempt
    if (answer.reason === 'gone') return firstAttempt(group)
    if (answer.reason === 'revision') {
      if (attempt.found === undefined) this.#counts.merged++
      return this.#attemptAfter(group, attempt.record, answer.found)
    }
    this.#noteTakenKey(attempt, answer.holderId)
    return this.#attemptAfter(group, withoutKey(attempt.record), attempt.found)
  }

  #attemptAfter(
    group: VersionGroup,
    record: StoreRecord,
    found: FoundRecord | undefined,
  ): Attempt | undefined {
    if (found === undefined)
      return { group, record, found, version: { record, expected: undefined } }
    const version = this.#merge(record, found)
    return version === undefined ? undefined : { group, record, found, version }
  }

  #merge(record: StoreRecord, found: FoundRecord): ExpectedVersion | undefined {
    const { engine } = this.#adapter
    try {
      return nextVersion(engine, record, found)
    } catch (cause) {
      // What is stored is no record of this package; merging would fail each time.
      throw new RecordRefusedError(engine, 'it cannot be merged with what is there', { cause })
    }
  }

  #noteTakenKey({ record, found }: Attempt, holderId: string): void {
    // Each later version of a record that was stored without its key finds the key taken again; it is counted once.
    if (found !== undefined && record.stamps?.['keys.key'] === undefined) return
    this.#counts.keysTaken++
    if (!this.#keyLines.mayWrite('keys')) return
    const { kind, id, keys } = record
    this.#log.error(
      { kind, id, holderId, service: keys.service, keysTaken: this.#counts.keysTaken },
      'a record is stored without its key: another record of its service has it',
    )
  }

  async #giveUp(attempts: readonly Attempt[]): Promise<void> {
    for (const { group } of attempts) {
      this.#counts.contended++
      const error = new Error(`others changed the record at each of ${MAX_TRIES} tries`)
      await this.#keepDeadLetter(group, error, 'a change of a record is given up')
    }
  }

  async #keepDeadLetter(group: VersionGroup, error: Error, message: string): Promise<void> {
    await this.#deadLetters.keep(group.record, error, message)
    this.#settle(group.entries)
  }
}

function firstAttempt(group: VersionGroup): Attempt {
  const { record } = group
  return { group, record, found: undefined, version: { record, expected: undefined } }
}

function isUnsettled({ entries }: VersionGroup): boolean {
  return entries.some(({ isSettled }) => !isSettled)
}

/** Random, so that processes that collided do not collide again. */
function pauseMs(tries: number): number {
  return Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** (tries / 2 - 1), MAX_PAUSE_MS)
}
