import { type EventLoopUtilization, performance } from 'node:perf_hooks'

/** What the event loop did while a call ran. It belongs to the process: other calls may have been the cause. */
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

/** One minute at a sample each 100 ms. */
const MAX_SAMPLES = 600

/** Samples of the event loop's delay and utilisation, taken by a timer, whatever is requested. */
export class EventLoopSampler {
  readonly #everyMs: number
  #samples: Sample[] = []

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  /** Takes a sample; to be called each `everyMs`. How much later it is called is the delay. */
  sample(at: number): void {
    if (this.#samples.length >= MAX_SAMPLES) this.#samples.shift()
    const utilization = performance.eventLoopUtilization()
    this.#samples.push({ at, delayMs: this.#lateness(at), utilization })
  }

  /** The figures from a moment on until now. */
  since(from: number, now: number): EventLoopFigures {
    const before = this.#samples.findLast(({ at }) => at <= from) ?? this.#samples[0]
    const delays = this.#samples.filter(({ at }) => at > from).map(({ delayMs }) => delayMs)
    // A sample that is overdue at this moment tells of a loop that is being held up.
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
