import type { FastifyContextConfig, FastifyRequest, RouteOptions } from 'fastify'
import { limitsOfPrefix, type RouteLimits, type RouteSlowCall, readRouteLimits } from './limits.js'
import { type RouteStats, WatchedRoute } from './watched-route.js'

/** Stands for the routes of all calls that have none. */
export const UNKNOWN_ROUTE = '(unknown route)'

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
    return this.#keep(new WatchedRoute(methods.join(','), url, own, config?.isHidden), methods)
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
    if (url === undefined) return this.#met('*', UNKNOWN_ROUTE)
    return this.#met(request.method, url, config)
  }

  /** The routes that were called, without those that are hidden: nobody learns of them by their figures. */
  used(): WatchedRoute[] {
    return this.#routes.filter((route) => route.isUsed && !route.isHidden)
  }

  /** The figures of the routes that were called. */
  stats(): RouteStats[] {
    return this.used().map((route) => route.stats())
  }

  /** A route that was declared before core is met here for the first time; Fastify keeps its `config`, and no other option. */
  #met(
    method: string,
    url: string,
    { slowCall, isHidden }: FastifyContextConfig = {},
  ): WatchedRoute {
    const name = `${method} ${url}`
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    const own = this.#limitsOf(slowCall, `Route ${name}`)
    return this.#keep(new WatchedRoute(method, url, own, isHidden), [method])
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
