/** Spans that are kept apart, of two numbers each; the older half of more is only summed up. */
const MAX_SPANS = 128

/**
 * How long at least one query was running: queries side by side count once. In milliseconds of the monotonic clock. It is told of every query, so
 * that those that are not kept one by one count too.
 */
export class BusyTime {
  #running = 0
  /** Since when at least one runs. */
  #busySince = 0
  /** Starts and ends of the times before, apart from each other and in their order. */
  #spans: number[] = []
  #settledMs = 0
  #settledUntil = 0

  begin(now: number): void {
    if (this.#running === 0) this.#busySince = now
    this.#running += 1
  }

  /** @param startedAt earlier than the call of `begin` where the driver tells of a query only at its end */
  end(startedAt: number, now: number): void {
    if (startedAt < this.#busySince) this.#reachBack(startedAt)
    this.#running -= 1
    if (this.#running > 0) return
    this.#spans.push(this.#busySince, now)
    if (this.#spans.length > 2 * MAX_SPANS) this.#settle()
  }

  totalMs(now: number): number {
    const running = this.#running > 0 ? now - this.#busySince : 0
    return this.#settledMs + sumOf(this.#spans) + running
  }

  #reachBack(startedAt: number): void {
    this.#busySince = Math.max(startedAt, this.#settledUntil)
    while ((this.#spans.at(-1) ?? 0) > this.#busySince) {
      const start = this.#spans.at(-2) ?? 0
      this.#spans.length -= 2
      this.#busySince = Math.min(start, this.#busySince)
    }
  }

  #settle(): void {
    const settled = this.#spans.splice(0, MAX_SPANS)
    this.#settledMs += sumOf(settled)
    this.#settledUntil = settled.at(-1) ?? 0
  }
}

function sumOf(spans: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < spans.length; at += 2) sum += (spans[at + 1] ?? 0) - (spans[at] ?? 0)
  return sum
}
