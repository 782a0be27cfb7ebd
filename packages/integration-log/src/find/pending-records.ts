import type { RecordKey } from '@fastify-scs/core/kit'
import type { DescribeQueue } from '../bodies/describe-queue.js'
import type { Draft } from '../log/draft.js'
import type { ResponseLog } from '../responses/response-log.js'

/** Whoever reads waits no longer for what is not written yet, in milliseconds. */
const MAX_WAIT_MS = 1_000

/** Lets whoever reads records wait for those that have ended and are not handed to the store yet. */
export class Settling {
  readonly #queue: DescribeQueue
  readonly #responses: ResponseLog

  constructor(queue: DescribeQueue, responses: ResponseLog) {
    this.#queue = queue
    this.#responses = responses
  }

  /** Waits for all of them, a bounded time; resolves to how many are left then. */
  async all(): Promise<number> {
    return await this.#wait(this.#responses.reading())
  }

  /** Waits for one, as far as it can be told apart. */
  async one(which: string | RecordKey): Promise<void> {
    await this.#wait(this.#responses.reading(isMeant(which)))
  }

  async #wait(reading: readonly Promise<void>[]): Promise<number> {
    const described = this.#queue.passed()
    if (described.left() === 0 && reading.length === 0) return 0
    let left = reading.length
    const counted = reading.map((each) => each.then(() => left--))
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, MAX_WAIT_MS)
    })
    await Promise.race([Promise.all([described.done, ...counted]), late])
    clearTimeout(timer)
    return left + described.left()
  }
}

/** Whether a record is the one that an id, or a key, names. */
export function isMeant(which: string | RecordKey): (draft: Draft) => boolean {
  if (typeof which === 'string') return ({ fields }) => fields.id === which
  return ({ fields: { service, key } }) => service === which.service && key === which.key
}
