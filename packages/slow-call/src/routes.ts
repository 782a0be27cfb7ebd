import {
  DurationHistogram,
  type DurationSummary,
  type GrowthRules,
  grownStreak,
  isReportDue,
  NO_STREAK,
  nextDueAt,
  type Streak,
} from '@fastify-scs/core/kit'
import type { FastifyRequest, RouteOptions } from 'fastify'
import { limitsOfPrefix, type RouteLimits, type RouteSlowCall, readRouteLimits } from './limits.js'

/** After an hour without an occurrence the next one counts as the first again, in milliseconds. */
export const QUIET_MS = 3_600_000

const GROWTH: GrowthRules = { growth: 2, quietMs: QUIET_MS }

/** An occurrence that is to be reported. */
export interface Occurrence {
  /** Its number since the last quiet hour, from 1. */
  readonly number: number
  /** How many were counted but not reported since the last report. */
  readonly suppressed: number
}

/** Selects the occurrences that are reported: the 1st, 2nd, 4th, 8th ..., and the first after a quiet hour. */
export class OccurrenceCounter {
  #streak: Streak = NO_STREAK
  #suppressed = 0
  #lastAt = 0

  /** Counts an occurrence; undefined when it is not to be reported. `atMs` is monotonic. */
  count(atMs: number): Occurrence | undefined {
    const grown = grownStreak(this.#streak, 1, atMs - this.#lastAt, GROWTH)
    this.#streak = grown
    this.#lastAt = atMs
    if (!isReportDue(grown)) {
      this.#suppressed++
      return undefined
    }
    const suppressed = this.#suppressed
    this.#streak = { ...grown, dueAt: nextDueAt(grown, GROWTH) }
    this.#suppressed = 0
    return { number: grown.streak, suppressed }
  }
}

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

/** One route: its limits and the counts of its calls. */
export class WatchedRoute {
  readonly method: string
  readonly url: string
  readonly #own: RouteLimits
  inherited: RouteLimits = {}
  readonly histogram: DurationHistogram = new DurationHistogram()
  readonly slowCalls: OccurrenceCounter = new OccurrenceCounter()
  readonly stuckCalls: OccurrenceCounter = new OccurrenceCounter()
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

const UNKNOWN_ROUTE = '(unknown route)'

/** The routes of an app, and the prefixes that they inherit limits from. */
export class WatchedRoutes {
  readonly #routes: WatchedRoute[] = []
  /** By method and URL; of routes that differ only in a constraint the newest. */
  readonly #byName = new Map<string, WatchedRoute>()
  readonly #prefixes = new Map<string, RouteLimits>()
  readonly #onWrongLimit: (error: unknown) => void

  /** @param onWrongLimit told of a wrong `slowCall` that is met only when a request comes; the app's limits hold then */
  constructor(onWrongLimit: (error: unknown) => void) {
    this.#onWrongLimit = onWrongLimit
  }

  /**
   * Adds a route with the limits of its `slowCall`, as a route option or else in `config`.
   *
   * @throws SCS_SLOW_CALL_ERR_ROUTE
   */
  add({ method, url, slowCall, config }: RouteOptions): WatchedRoute {
    const given = slowCall === undefined ? config?.slowCall : slowCall
    const methods = [method].flat()
    const own = readRouteLimits(given, `Route ${methods.join(',')} ${url}`)
    return this.#keep(new WatchedRoute(methods.join(','), url, own), methods)
  }

  /**
   * Sets the limits of all routes below a prefix, also of those that are there already; a route's own limits win.
   *
   * @throws SCS_SLOW_CALL_ERR_ROUTE
   */
  setPrefix(prefix: string, given: RouteSlowCall): void {
    this.#prefixes.set(prefix, readRouteLimits(given, `Prefix ${prefix}`))
    for (const route of this.#routes) {
      route.inherited = limitsOfPrefix(this.#prefixes, route.url)
    }
  }

  /** The route of a call that has not reached a handler; all unknown routes count as one. */
  of(request: FastifyRequest): WatchedRoute {
    const { url, config } = request.routeOptions
    if (url === undefined) return this.#met('*', UNKNOWN_ROUTE, undefined)
    return this.#met(request.method, url, config?.slowCall)
  }

  /** The figures of the routes that were called. */
  stats(): RouteStats[] {
    return this.#routes.filter((route) => route.isUsed).map((route) => route.stats())
  }

  /** A route that was declared before core is met here for the first time; Fastify keeps its `config`, and no other option. */
  #met(method: string, url: string, given: RouteSlowCall | undefined): WatchedRoute {
    const name = `${method} ${url}`
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const own = this.#limitsOf(given, `Route ${name}`)
    return this.#keep(new WatchedRoute(method, url, own), [method])
  }

  #limitsOf(given: RouteSlowCall | undefined, where: string): RouteLimits {
    try {
      return readRouteLimits(given, where)
    } catch (error) {
      this.#onWrongLimit(error)
      return {}
    }
  }

  #keep(route: WatchedRoute, methods: readonly string[]): WatchedRoute {
    route.inherited = limitsOfPrefix(this.#prefixes, route.url)
    this.#routes.push(route)
    for (const method of methods) this.#byName.set(`${method} ${route.url}`, route)
    return route
  }
}
