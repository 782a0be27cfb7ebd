import type { CallWatch } from './call-watch.js'
import type { Delivery, DeliveryStats } from './delivery.js'
import { checkSlowCallOptions, type Settings } from './options.js'
import type { RouteSlowCall } from './route-limits.js'
import type { RouteStats } from './watched-route.js'
import type { WatchedRoutes } from './watched-routes.js'

/** What the plugin has counted. */
export interface SlowCallStats {
  /** Calls without an answer, now. */
  readonly inFlight: number
  readonly reports: DeliveryStats
  /** The routes that were called. */
  readonly routes: readonly RouteStats[]
}

/** What the plugin decorates the app with, as `app.slowCall`. */
export interface SlowCall {
  /**
   * Milliseconds that a call may take where neither its route nor its prefix says otherwise. May be set at any time.
   *
   * @throws SCS_SLOW_CALL_ERR_OPTIONS
   */
  maxMs: number

  /**
   * Sets the limits of all routes whose URL begins with a prefix; a route's own win, and a longer prefix wins.
   *
   * @throws SCS_SLOW_CALL_ERR_ROUTE
   */
  forPrefix(prefix: string, limits: RouteSlowCall): void

  /** Counts and durations by route, since the app was started. */
  stats(): SlowCallStats
}

/** Makes `app.slowCall`. */
export function createSlowCall(
  settings: Settings,
  routes: WatchedRoutes,
  watch: CallWatch,
  delivery: Delivery,
): SlowCall {
  return {
    get maxMs() {
      return settings.maxMs
    },
    set maxMs(maxMs) {
      checkSlowCallOptions({ maxMs })
      settings.maxMs = maxMs
    },
    forPrefix: (prefix, limits) => routes.setPrefix(prefix, limits),
    stats: () => ({
      inFlight: watch.inFlight,
      reports: delivery.stats(),
      routes: routes.stats(),
    }),
  }
}
