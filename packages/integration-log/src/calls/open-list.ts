/** Calls that are watched at a time, at most; beyond that the oldest are dropped. */
export const MAX_OPEN_CALLS = 10_000

/** The calls that have not ended, in the order in which they began; never more than `MAX_OPEN_CALLS`. */
export class OpenList<Call> implements Iterable<Call> {
  readonly #calls = new Set<Call>()

  get size(): number {
    return this.#calls.size
  }

  /** @returns whether the oldest was dropped; its end is still recorded when it comes. */
  add(call: Call): boolean {
    const isFull = this.#calls.size >= MAX_OPEN_CALLS
    if (isFull) {
      const [oldest] = this.#calls
      this.#calls.delete(oldest as Call)
    }
    this.#calls.add(call)
    return isFull
  }

  delete(call: Call): void {
    this.#calls.delete(call)
  }

  clear(): void {
    this.#calls.clear()
  }

  [Symbol.iterator](): IterableIterator<Call> {
    return this.#calls.values()
  }
}
