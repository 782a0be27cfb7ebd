const COMPACT_AT = 1_024

/** A queue that is fast at both ends; Array.shift moves every element of a long array. */
export class Fifo<Item> {
  #items: (Item | undefined)[] = []
  #head = 0

  get size(): number {
    return this.#items.length - this.#head
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  /** Puts items before all others; fast when at least as many were taken there before. */
  prepend(items: readonly Item[]): void {
    if (items.length > this.#head) {
      this.#items = [...items, ...this.#items.slice(this.#head)]
      this.#head = 0
      return
    }
    this.#head -= items.length
    for (const [index, item] of items.entries()) this.#items[this.#head + index] = item
  }

  first(): Item | undefined {
    return this.#items[this.#head]
  }

  last(): Item | undefined {
    return this.#items[this.#items.length - 1]
  }

  /** The item at a place counted from the first. */
  at(index: number): Item | undefined {
    return this.#items[this.#head + index]
  }

  /** Calls with each item, from the first. */
  forEach(call: (item: Item) => void): void {
    for (let index = this.#head; index < this.#items.length; index++) {
      const item = this.#items[index]
      if (item !== undefined) call(item)
    }
  }

  shift(): Item | undefined {
    if (this.size === 0) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head++] = undefined
    if (this.#head >= COMPACT_AT && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  pop(): Item | undefined {
    return this.size === 0 ? undefined : this.#items.pop()
  }
}
