import type { FastifyInstance } from 'fastify'
import { RouteOrderError } from '../errors.js'
import { isRootContext, routesOfDefaultErrorHandler } from './compat-fastify.js'

/** Routes that a warning names; there may be hundreds. */
const MAX_NAMED = 10

/**
 * Looks for routes that were declared before core: Fastify has given them its own error handler for good, which answers an error
 * in its own form and with the error's text. They are named in a warning when the app is ready. Only where core is registered for the
 * whole application: the routes of other contexts are not core's.
 *
 * @param isStrict whether such a route keeps the app from getting ready, with SCS_ERR_ROUTE_ORDER
 */
export function checkRouteOrder(app: FastifyInstance, isStrict: boolean): void {
  if (!isRootContext(app)) return
  // A route that is declared while core waits to be loaded is in this list as well, and gets core's error handler afterwards.
  if (routesOfDefaultErrorHandler(app).length === 0) return
  app.addHook('onReady', (done) => {
    const early = routesOfDefaultErrorHandler(app)
    if (early.length === 0) {
      done()
      return
    }
    const routes = early.slice(0, MAX_NAMED)
    if (isStrict) {
      const more = early.length > MAX_NAMED ? ` and ${early.length - MAX_NAMED} more` : ''
      done(new RouteOrderError(`${routes.join(', ')}${more}`))
      return
    }
    app.log.warn(
      { routes, count: early.length },
      "routes were declared before @fastify-scs/core: their errors are answered in Fastify's own form, with the error's text; register core first",
    )
    done()
  })
}
