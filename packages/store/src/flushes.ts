interface Flush {
  /** The place of the last record that must be stored. */
  readonly order: number
  readonly resolve: (isStored: boolean) => void
  readonly timer: NodeJS.Timeout
}

/** Those who wait until everything that was written before is stored. */
export class Flushes {
  readonly #firstOrder: () => number
  #waiting: Flush[] = []

  /** `firstOrder` tells the place of the first record that is not stored. */
  constructor(firstOrder: () => number) {
    this.#firstOrder = firstOrder
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Waits for all records up to a place; false after the time. */
  add(order: number, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end((flush) => flush.timer === timer, false), timeoutMs)
      this.#waiting.push({ order, resolve, timer })
    })
  }

  /** Ends the waiting of those whose records are stored. */
  check(): void {
    if (!this.isWaiting) return
    const firstOrder = this.#firstOrder()
    this.#end((flush) => flush.order < firstOrder, true)
  }

  /** Tells all that their records can't be stored now. */
  fail(): void {
    this.#end(() => true, false)
  }

  #end(isOver: (flush: Flush) => boolean, isStored: boolean): void {
    const over = this.#waiting.filter(isOver)
    this.#waiting = this.#waiting.filter((flush) => !isOver(flush))
    for (const { timer, resolve } of over) {
      clearTimeout(timer)
      resolve(isStored)
    }
  }
}
