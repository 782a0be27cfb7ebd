import { DurationHistogram, type DurationSummary } from './histogram.js'
import type { RouteLimits } from './route-limits.js'
import { Storm } from './storm.js'

/** What became of a route's calls. */
export interface RouteStats {
  /** The route's methods: `GET`, or `GET,POST`. */
  readonly method: string
  /** The route pattern. */
  readonly route: string
  /** Calls that were answered. */
  readonly calls: number
  /** Calls that took longer than the limit, reported or not. */
  readonly slow: number
  /** Calls that were stuck, reported or not. */
  readonly stuck: number
  /** Calls answered with 500 or above. */
  readonly failed: number
  /** Calls whose client left before the first byte. */
  readonly aborted: number
  /** Slow and stuck calls that were counted but not reported. */
  readonly suppressed: number
  /** Durations of the answered calls, from arrival to the first byte. */
  readonly durations: DurationSummary
}

/** One route: its limits and what became of its calls. */
export class WatchedRoute {
  readonly method: string
  readonly url: string
  readonly #own: RouteLimits
  inherited: RouteLimits = {}
  readonly histogram: DurationHistogram = new DurationHistogram()
  readonly slowStorm: Storm = new Storm()
  readonly stuckStorm: Storm = new Storm()
  slow = 0
  stuck = 0
  failed = 0
  aborted = 0
  suppressed = 0

  constructor(method: string, url: string, own: RouteLimits) {
    this.method = method
    this.url = url
    this.#own = own
  }

  /** Milliseconds; false for no reports, undefined where the plugin's own limit holds. */
  get maxMs(): number | false | undefined {
    return this.#own.maxMs ?? this.inherited.maxMs
  }

  /** Milliseconds; false for no reports, undefined where the plugin's own limit holds. */
  get stuckAfterMs(): number | false | undefined {
    return this.#own.stuckAfterMs ?? this.inherited.stuckAfterMs
  }

  get isUsed(): boolean {
    return this.histogram.count + this.aborted + this.stuck > 0
  }

  stats(): RouteStats {
    const { method, url, slow, stuck, failed, aborted, suppressed } = this
    const durations = this.histogram.summary()
    const calls = durations.count
    return { method, route: url, calls, slow, stuck, failed, aborted, suppressed, durations }
  }
}
