import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 4096
const RANDOM_BYTES = 10

/** Makes ids that sort by the time at which they were made, those of the same millisecond included. */
export class RecordIdMaker {
  readonly #pool: Buffer = Buffer.alloc(POOL_BYTES)
  #used: number = POOL_BYTES
  #lastMs = 0
  /** The first 13 characters of the ids of that millisecond. */
  #timeText = ''
  #counter = 0

  /** The next id; a clock that goes back does not make it smaller than the one before. */
  next(nowMs: number = Date.now()): string {
    const pool = this.#pool
    if (this.#used + RANDOM_BYTES > POOL_BYTES) {
      randomFillSync(pool)
      this.#used = 0
    }
    const at = this.#used
    this.#used += RANDOM_BYTES
    if (nowMs > this.#lastMs) {
      this.#moveTo(nowMs)
      // Half of the 12 bits at random, so that two processes seldom share a value, and room to count up.
      this.#counter = pool.readUInt16BE(at) & 0x7ff
    } else if (++this.#counter > 0xfff) {
      this.#moveTo(this.#lastMs + 1)
      this.#counter = 0
    }
    const count = (0x7000 | this.#counter).toString(16)
    const variant = (0x8000 | (pool.readUInt16BE(at + 2) & 0x3fff)).toString(16)
    return `${this.#timeText}-${count}-${variant}-${pool.toString('hex', at + 4, at + RANDOM_BYTES)}`
  }

  #moveTo(ms: number): void {
    const time = ms.toString(16).padStart(12, '0')
    this.#lastMs = ms
    this.#timeText = `${time.slice(0, 8)}-${time.slice(8)}`
  }
}

// At module level: ids have to differ, whichever app of the process asks for them.
const maker = new RecordIdMaker()

/** Makes a UUID v7 (RFC 9562): unique, and sortable by the time it was made. */
export function createRecordId(): string {
  return maker.next()
}
