/** Random values that are the same in each run. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** From 0 to 1, by mulberry32. Source: https://github.com/cprosche/mulberry32 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  isBelow(share: number): boolean {
    return this.next() < share
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.next() * items.length)] ?? items[0]
  }

  /** A whole number around a mean: rounded up as often as its fraction says. */
  around(mean: number): number {
    return Math.floor(mean * (0.6 + 0.8 * this.next()) + this.next())
  }

  /** Milliseconds as latencies are: half of them below the median, few far above it. */
  latencyMs(medianMs: number): number {
    // The sum of three is near enough to a normal distribution.
    const normal = (this.next() + this.next() + this.next() - 1.5) * 2
    return Math.round(medianMs * Math.exp(0.45 * normal) * 1000) / 1000
  }

  hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += Math.floor(this.next() * 16).toString(16)
    return text
  }

  /** A UUID v7 of a time in milliseconds since 1970. */
  idAt(at: number): string {
    const time = Math.floor(at).toString(16).padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${this.hex(3)}-a${this.hex(3)}-${this.hex(12)}`
  }
}
