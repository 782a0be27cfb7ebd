/** How long at least one query was running: queries side by side count once. In milliseconds of the monotonic clock. */
export class BusyTime {
  #running = 0
  #busySince = 0
  #idleSince = 0
  #totalMs = 0

  begin(now: number): void {
    if (this.#running === 0) this.#busySince = now
    this.#running += 1
  }

  /** @param startedAt earlier than the call of `begin` where the driver tells of a query only at its end */
  end(startedAt: number, now: number): void {
    // What lies before the last idle moment has been counted, or was idle as far as anybody knew.
    if (startedAt < this.#busySince) this.#busySince = Math.max(startedAt, this.#idleSince)
    this.#running -= 1
    if (this.#running > 0) return
    this.#totalMs += now - this.#busySince
    this.#idleSince = now
  }

  totalMs(now: number): number {
    return this.#running > 0 ? this.#totalMs + now - this.#busySince : this.#totalMs
  }
}
