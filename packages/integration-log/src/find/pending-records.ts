import { type RecordKey, within } from '@fastify-scs/core/kit'
import type { DescribeQueue } from '../bodies/describe-queue.js'
import type { Draft } from '../log/draft.js'
import type { ResponseLog } from '../responses/response-log.js'

/** Longest time that a reader waits for records that are not written yet, in milliseconds. */
const MAX_WAIT_MS = 1_000

/** The records of calls that have ended and that the store does not have yet; a reader waits for them first. */
export class PendingRecords {
  readonly #queue: DescribeQueue
  readonly #responses: ResponseLog

  constructor(queue: DescribeQueue, responses: ResponseLog) {
    this.#queue = queue
    this.#responses = responses
  }

  /** Waits for all of them, a second at most; resolves to how many are left then. */
  async all(): Promise<number> {
    return await this.#wait(this.#responses.reading())
  }

  /** Waits for one record. Calls that wait to be described have no id yet, so it waits for all of those. */
  async one(which: string | RecordKey): Promise<void> {
    await this.#wait(this.#responses.reading(isMeant(which)))
  }

  async #wait(reading: readonly Promise<void>[]): Promise<number> {
    const described = this.#queue.passed()
    if (described.left() === 0 && reading.length === 0) return 0
    let left = reading.length
    const counted = reading.map((each) => each.then(() => left--))
    await within(Promise.all([described.done, ...counted]), MAX_WAIT_MS)
    return left + described.left()
  }
}

/** A test for the record that has this id, or this key. */
export function isMeant(which: string | RecordKey): (draft: Draft) => boolean {
  if (typeof which === 'string') return ({ fields }) => fields.id === which
  return ({ fields: { service, key } }) => service === which.service && key === which.key
}
