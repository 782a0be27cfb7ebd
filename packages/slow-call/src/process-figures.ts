import {
  type EventLoopUtilization,
  type PerformanceEntry,
  PerformanceObserver,
  performance,
} from 'node:perf_hooks'

/** The event loop while a call ran. It belongs to the process: other calls may have been the cause. */
export interface EventLoopFigures {
  /** The longest time that the loop was held up, in milliseconds. */
  readonly maxDelayMs: number
  /** The mean delay of the samples, in milliseconds. */
  readonly meanDelayMs: number
  /** Share of the time that the loop was busy, 0 to 1; 1 means that it never waited. */
  readonly utilization: number
}

interface Sample {
  readonly at: number
  readonly delayMs: number
  readonly utilization: EventLoopUtilization
}

/** One minute, at a sample every 100 ms. */
const MAX_SAMPLES = 600

/** Samples the event loop's delay and utilization by a timer, whether or not anybody asks for them. */
export class EventLoopSampler {
  readonly #everyMs: number
  #samples: Sample[] = []

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  /** Takes a sample; to be called every `everyMs`. By how much it is called later is the delay. */
  sample(at: number): void {
    if (this.#samples.length >= MAX_SAMPLES) this.#samples.shift()
    const utilization = performance.eventLoopUtilization()
    this.#samples.push({ at, delayMs: this.#lateness(at), utilization })
  }

  /** The figures from a moment on until now. */
  since(from: number, now: number): EventLoopFigures {
    const before = this.#samples.findLast(({ at }) => at <= from) ?? this.#samples[0]
    const delays = this.#samples.filter(({ at }) => at > from).map(({ delayMs }) => delayMs)
    // An overdue sample means that the loop is being held up right now.
    delays.push(this.#lateness(now))
    const { utilization } =
      before === undefined
        ? performance.eventLoopUtilization()
        : performance.eventLoopUtilization(before.utilization)
    return {
      maxDelayMs: Math.max(...delays),
      meanDelayMs: delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
      utilization,
    }
  }

  #lateness(at: number): number {
    const last = this.#samples.at(-1)
    return last === undefined ? 0 : Math.max(0, at - last.at - this.#everyMs)
  }
}

/** The pauses for garbage collection while a call ran. */
export interface GcFigures {
  readonly count: number
  readonly totalMs: number
  readonly longestMs: number
  /** Milliseconds of the call that were observed; observing begins only when a call takes long. */
  readonly observedMs: number
}

const MAX_PAUSES = 500
/** Observing goes on for so long after it was last needed, in milliseconds, so that it is not switched on and off all the time. */
const LINGER_MS = 10_000

interface Pause {
  readonly startedAt: number
  readonly durationMs: number
}

/**
 * Pauses for garbage collection. Observing them costs each request nearly 3 %, so they are observed only while a call takes
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
