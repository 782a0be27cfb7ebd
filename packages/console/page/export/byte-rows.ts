/** Counts the rows of a CSV or JSON lines file as its bytes arrive, whatever they are cut into. */
export class ByteRows {
  readonly #isCsv: boolean
  #isQuoted = false
  #rows = 0

  constructor(format: 'csv' | 'jsonl') {
    this.#isCsv = format === 'csv'
  }

  /** Rows so far; the heading of a CSV file is none. */
  get rows(): number {
    return this.#isCsv ? Math.max(0, this.#rows - 1) : this.#rows
  }

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      // A line end within quotes is part of a value; a doubled quote turns it off and on again.
      if (byte === QUOTE && this.#isCsv) this.#isQuoted = !this.#isQuoted
      else if (byte === LINE_END && !this.#isQuoted) this.#rows++
    }
  }
}

const QUOTE = 0x22
const LINE_END = 0x0a
