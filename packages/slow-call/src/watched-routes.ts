import type { FastifyRequest, RouteOptions } from 'fastify'
import {
  limitsOfPrefix,
  type RouteLimits,
  type RouteSlowCall,
  readRouteLimits,
} from './route-limits.js'
import { type RouteStats, WatchedRoute } from './watched-route.js'

const UNKNOWN_ROUTE = '(unknown route)'

/** The routes of an app, and the prefixes that they inherit limits from. */
export class WatchedRoutes {
  readonly #routes: WatchedRoute[] = []
  /** By method and URL; of routes that differ only in a constraint the newest. */
  readonly #byName = new Map<string, WatchedRoute>()
  readonly #prefixes = new Map<string, RouteLimits>()

  /**
   * Adds a route with what it says under `slowCall`, as a route option or else in `config`.
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
   * Sets the limits of all routes below a prefix, of those that are there already too; a route's own limits win.
   *
   * @throws SCS_SLOW_CALL_ERR_ROUTE
   */
  setPrefix(prefix: string, given: RouteSlowCall): void {
    this.#prefixes.set(prefix, readRouteLimits(given, `Prefix ${prefix}`))
    for (const route of this.#routes) {
      route.inherited = limitsOfPrefix(this.#prefixes, route.url)
    }
  }

  /** The route of a call that has not reached a handler; those of unknown routes count together. */
  of(request: FastifyRequest): WatchedRoute {
    const { url } = request.routeOptions
    const method = url === undefined ? '*' : request.method
    const known = this.#byName.get(`${method} ${url ?? UNKNOWN_ROUTE}`)
    // A route that was added before this plugin is met here for the first time.
    return known ?? this.#keep(new WatchedRoute(method, url ?? UNKNOWN_ROUTE, {}), [method])
  }

  /** The figures of the routes that were called. */
  stats(): RouteStats[] {
    return this.#routes.filter((route) => route.isUsed).map((route) => route.stats())
  }

  #keep(route: WatchedRoute, methods: readonly string[]): WatchedRoute {
    route.inherited = limitsOfPrefix(this.#prefixes, route.url)
    this.#routes.push(route)
    for (const method of methods) this.#byName.set(`${method} ${route.url}`, route)
    return route
  }
}
