import { DurationHistogram, type DurationSummary, type RouteMinute } from '@fastify-scs/core/kit'
import type { RouteLimits } from './limits.js'
import { OccurrenceCounter } from './occurrences.js'

/** The calls of a route, counted. */
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

/** Calls of a route that were not just answered. */
export type CallCounts = Pick<RouteMinute, 'failed' | 'slow' | 'stuck' | 'aborted'>

/** What has been counted of a route in some time. */
export type TakenCounts = Omit<RouteMinute, 'instance'>

/** One route: its limits and the counts of its calls. */
export class WatchedRoute {
  readonly method: string
  readonly url: string
  /** Whether its `config.isHidden` keeps it out of the figures. */
  readonly isHidden: boolean
  readonly #own: RouteLimits
  inherited: RouteLimits = {}
  /** Durations of the calls that were answered since the counts were last taken. */
  histogram: DurationHistogram = new DurationHistogram()
  /** Those of all calls before; undefined for none. */
  #before: DurationHistogram | undefined
  /** The counts when they were last taken. */
  #taken: CallCounts = { failed: 0, slow: 0, stuck: 0, aborted: 0 }
  readonly slowCalls: OccurrenceCounter = new OccurrenceCounter()
  readonly stuckCalls: OccurrenceCounter = new OccurrenceCounter()
  /** The handler, where the route was declared behind this package. */
  handler: unknown = undefined
  slow = 0
  stuck = 0
  failed = 0
  aborted = 0
  suppressed = 0

  constructor(method: string, url: string, own: RouteLimits, isHidden = false) {
    this.method = method
    this.url = url
    this.isHidden = isHidden
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
    return this.#before !== undefined || this.histogram.count + this.aborted + this.stuck > 0
  }

  /** What has been counted since it was last taken; undefined for nothing. */
  takeCounts(): TakenCounts | undefined {
    const { failed, slow, stuck, aborted, histogram } = this
    const last = this.#taken
    const counts = {
      failed: failed - last.failed,
      slow: slow - last.slow,
      stuck: stuck - last.stuck,
      aborted: aborted - last.aborted,
    }
    const calls = histogram.count
    if (calls + counts.stuck + counts.aborted === 0) return undefined
    const durations = histogram.recorded()
    this.#taken = { failed, slow, stuck, aborted }
    this.#before ??= new DurationHistogram()
    this.#before.add(durations)
    if (calls > 0) this.histogram = new DurationHistogram()
    return { calls, ...counts, ...durations }
  }

  stats(): RouteStats {
    const { method, url, slow, stuck, failed, aborted, suppressed } = this
    const durations = this.#allDurations().summary()
    const calls = durations.count
    return { method, route: url, calls, slow, stuck, failed, aborted, suppressed, durations }
  }

  /** The histograms that together have all calls; without a copy of them. */
  get histograms(): readonly DurationHistogram[] {
    return this.#before === undefined ? [this.histogram] : [this.#before, this.histogram]
  }

  #allDurations(): DurationHistogram {
    if (this.#before === undefined) return this.histogram
    const all = new DurationHistogram()
    all.add(this.#before.recorded())
    all.add(this.histogram.recorded())
    return all
  }
}
