import { type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks'

/** The pauses for garbage collection while a call ran. */
export interface GcFigures {
  readonly count: number
  readonly totalMs: number
  readonly longestMs: number
  /** Milliseconds of the call that were observed; observing begins only when a call takes long. */
  readonly observedMs: number
}

const MAX_PAUSES = 500
/** Observing goes on for so long after it was last needed, so that it is not switched on and off all the time. */
const LINGER_MS = 10_000

interface Pause {
  readonly startedAt: number
  readonly durationMs: number
}

/**
 * Pauses for garbage collection. Observing them costs each request nearly 3 %, so it is on only while a call takes
 * long: `observe` is called again and again for as long as it does.
 */
export class GcPauses {
  readonly #observer = new PerformanceObserver((list) => this.#keep(list.getEntries()))
  #pauses: Pause[] = []
  #observedFrom = 0
  #neededAt = 0

  /** Switches on, or goes on. */
  observe(now: number): void {
    this.#neededAt = now
    if (this.#observedFrom !== 0) return
    this.#observedFrom = now
    this.#observer.observe({ entryTypes: ['gc'] })
  }

  /** Switches off when it has not been needed for a while. */
  rest(now: number): void {
    if (this.#observedFrom !== 0 && now - this.#neededAt > LINGER_MS) this.close()
  }

  /** The figures from a moment on; null when nothing was observed. */
  since(from: number, now: number): GcFigures | null {
    if (this.#observedFrom === 0) return null
    this.#keep(this.#observer.takeRecords())
    const pauses = this.#pauses.filter(({ startedAt }) => startedAt >= from)
    return {
      count: pauses.length,
      totalMs: pauses.reduce((sum, { durationMs }) => sum + durationMs, 0),
      longestMs: Math.max(0, ...pauses.map(({ durationMs }) => durationMs)),
      observedMs: now - Math.max(from, this.#observedFrom),
    }
  }

  close(): void {
    this.#observer.disconnect()
    this.#observedFrom = 0
    this.#pauses = []
  }

  #keep(entries: readonly PerformanceEntry[]): void {
    for (const { startTime, duration } of entries) {
      this.#pauses.push({ startedAt: startTime, durationMs: duration })
    }
    if (this.#pauses.length > MAX_PAUSES) this.#pauses = this.#pauses.slice(-MAX_PAUSES)
  }
}
