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
 * How often a version is tried before it is given up: others change its record each time between. Of 8 processes that change one
 * record all the time one needed 25.
 */
export const MAX_TRIES = 200
/** Before the second pair of tries at most, in milliseconds; doubles with each pair. */
const FIRST_PAUSE_MS = 4
/** Between two tries at most, in milliseconds; longer ones would leave the record to those who have not lost yet. */
const MAX_PAUSE_MS = 100

/** A version on its way: what is to be stored, and of which other one it was made. */
interface Attempt {
  readonly group: VersionGroup
  /** Ours, unmerged; without the key once another record turned out to have it. */
  readonly record: StoreRecord
  /** What was there when it was looked at last. */
  readonly found: FoundRecord | undefined
  readonly version: ExpectedVersion
}

/** Stores versions of records that others may change at the same time: merged with what is there, and never over it. */
export class VersionSender {
  readonly #adapter: CheckedAdapter
  readonly #deadLetters: DeadLetters
  readonly #counts: MutableWriteCounts
  readonly #log: RedactedLog
  readonly #settle: Settle
  /** What is under way, by the record. */
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

  /** Stores versions, after those of the same records that are under way. @throws what the adapter does when it is not available */
  async send(groups: readonly VersionGroup[]): Promise<void> {
    const places = groups.map(({ record }) => placeOf(record))
    const before = places.map((place) => this.#underWay.get(place))
    // Two batches of one process do not race each other.
    const sending = Promise.allSettled(before).then(() => this.#sendOnceEach(groups))
    for (const place of places) this.#underWay.set(place, sending)
    try {
      await sending
    } finally {
      for (const place of places)
        if (this.#underWay.get(place) === sending) this.#underWay.delete(place)
    }
  }

  /** Of versions of one record that could not be merged each is sent after the one before. */
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

  /** Finds the version that is refused: by halves, and then by the entries that were merged. */
  async #sendParted(groups: readonly VersionGroup[], refusal: Error): Promise<void> {
    const [only] = groups
    if (only === undefined) return
    if (groups.length > 1) {
      const half = Math.ceil(groups.length / 2)
      await this.#sendNow(groups.slice(0, half))
      await this.#sendNow(groups.slice(half))
    } else if (only.entries.length > 1) {
      for (const single of singleGroups(only.entries)) await this.#sendNow([single])
    } else await this.#bury(only, refusal, 'a record is refused')
  }

  async #tryToSet(groups: readonly VersionGroup[]): Promise<void> {
    let attempts: readonly Attempt[] = groups.map(firstAttempt)
    for (let tries = 0; attempts.length > 0; tries++) {
      if (tries === MAX_TRIES) return this.#giveUp(attempts)
      // What is found is only good for the next moment: of two tries one finds out, and the other follows at once.
      if (tries > 0 && tries % 2 === 0) await pause(pauseMs(tries), undefined, { ref: false })
      const unkept = await this.#adapter.compareAndSet(attempts.map(({ version }) => version))
      attempts = this.#sortOut(attempts, unkept)
    }
  }

  /** Settles what is stored; returns the next attempts for the others. */
  #sortOut(attempts: readonly Attempt[], unkept: readonly UnkeptRecord[]): readonly Attempt[] {
    const answers = new Map(unkept.map((answer) => [answer.id, answer]))
    return attempts.flatMap((attempt) => {
      const answer = answers.get(attempt.record.id)
      const next = answer === undefined ? undefined : this.#nextAttempt(attempt, answer)
      if (next !== undefined) return [next]
      this.#counts.written += attempt.group.entries.length
      this.#settle(attempt.group.entries)
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
      // What is there is no record of ours; it would fail each time.
      throw new RecordRefusedError(engine, 'it cannot be merged with what is there', { cause })
    }
  }

  #noteTakenKey({ record, found }: Attempt, holderId: string): void {
    // Each further version of a record that was stored without its key finds the key taken again.
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
      await this.#bury(group, error, 'a change of a record is given up')
    }
  }

  async #bury(group: VersionGroup, error: Error, message: string): Promise<void> {
    await this.#deadLetters.bury(group.record, error, message)
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

/** Random, so that those who have met do not meet again. */
function pauseMs(tries: number): number {
  return Math.random() * Math.min(FIRST_PAUSE_MS * 2 ** (tries / 2 - 1), MAX_PAUSE_MS)
}
