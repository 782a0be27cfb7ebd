import type { RouteSlowCall } from './limits.js'
import type { SlowCall } from './plugin.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The limit, prefixes and figures of slow calls. */
    readonly slowCall: SlowCall
  }

  interface RouteShorthandOptions {
    /** The route's own limits: milliseconds, an object, or false for no reports. */
    slowCall?: RouteSlowCall
  }

  interface FastifyContextConfig {
    /** As the route option of the same name, which wins. */
    slowCall?: RouteSlowCall
  }
}
