/** Calls that may be open at a time; of more, the oldest are watched no longer. */
export const MAX_OPEN_CALLS = 10_000

/** Calls that have not ended, in the order in which they began. Whatever happens to them, there are never more than so many. */
export class OpenList<Call> implements Iterable<Call> {
  readonly #calls = new Set<Call>()

  get size(): number {
    return this.#calls.size
  }

  /** @returns whether the oldest had to go, whose end is still recorded when it comes. */
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
