import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 4096
const RANDOM_BYTES = 10

/** Makes ids that sort by the time at which they were made, those of the same millisecond included. */
export class RecordIdMaker {
  readonly #pool: Buffer = Buffer.alloc(POOL_BYTES)
  #used: number = POOL_BYTES
  #lastMs = 0
  #counter = 0

  /** The next id; a clock that goes back does not make it smaller than the one before. */
  next(nowMs: number = Date.now()): string {
    if (this.#used + RANDOM_BYTES > POOL_BYTES) {
      randomFillSync(this.#pool)
      this.#used = 0
    }
    const random = this.#pool.subarray(this.#used, this.#used + RANDOM_BYTES)
    this.#used += RANDOM_BYTES
    if (nowMs > this.#lastMs) {
      this.#lastMs = nowMs
      // Half of the 12 bits at random, so that two processes seldom share a value, and room to count up.
      this.#counter = random.readUInt16BE(0) & 0x7ff
    } else if (++this.#counter > 0xfff) {
      this.#lastMs++
      this.#counter = 0
    }
    const time = this.#lastMs.toString(16).padStart(12, '0')
    const count = (0x7000 | this.#counter).toString(16)
    const variant = (0x8000 | (random.readUInt16BE(2) & 0x3fff)).toString(16)
    return `${time.slice(0, 8)}-${time.slice(8)}-${count}-${variant}-${random.toString('hex', 4)}`
  }
}

// At module level: ids have to differ, whichever app of the process asks for them.
const maker = new RecordIdMaker()

/** Makes a UUID v7 (RFC 9562): unique, and sortable by the time it was made. */
export function createRecordId(): string {
  return maker.next()
}
