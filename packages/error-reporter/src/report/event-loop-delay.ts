import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 20
const WINDOW_MS = 10_000

/** How late timers are, in milliseconds. */
export interface LoopDelay {
  readonly mean: number
  readonly p99: number
  readonly max: number
}

/**
 * Watches how late timers are, over the last 10 to 20 seconds. The samples are taken by Node itself, 50 a second; no
 * JavaScript runs for them.
 */
export class EventLoopDelay {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  readonly #timer: NodeJS.Timeout
  #before: LoopDelay = { mean: 0, p99: 0, max: 0 }

  constructor() {
    this.#histogram.enable()
    this.#timer = setInterval(() => {
      this.#before = this.#now()
      this.#histogram.reset()
    }, WINDOW_MS).unref()
  }

  /** The worst of the current and the last window. */
  read(): LoopDelay {
    const now = this.#now()
    const { mean, p99, max } = this.#before
    return {
      mean: Math.max(mean, now.mean),
      p99: Math.max(p99, now.p99),
      max: Math.max(max, now.max),
    }
  }

  close(): void {
    clearInterval(this.#timer)
    this.#histogram.disable()
  }

  #now(): LoopDelay {
    const { mean, max } = this.#histogram
    return {
      mean: lateMs(mean),
      p99: lateMs(this.#histogram.percentile(99)),
      // Without a sample the histogram has the smallest or the largest number there is.
      max: lateMs(this.#histogram.count === 0 ? 0 : max),
    }
  }
}

// A sample is the time between two ticks, in nanoseconds; what is beyond the resolution is the delay.
function lateMs(intervalNs: number): number {
  const late = Number.isFinite(intervalNs) ? intervalNs / 1e6 - RESOLUTION_MS : 0
  return Math.max(0, Math.round(late * 10) / 10)
}
