import type { FastifyInstance, RouteOptions } from 'fastify'
import type { RouteError } from '../errors/route-errors.js'

/** A route as Fastify passes it to hooks, and the context that declares it. */
export interface CollectedRoute {
  readonly options: RouteOptions
  readonly context: FastifyInstance
}

/** The routes that are declared from now on. Their options are read once the app is ready: another hook may add to `throws`. */
export function collectRoutes(app: FastifyInstance): readonly CollectedRoute[] {
  const routes: CollectedRoute[] = []
  app.addHook('onRoute', function onRoute(this: FastifyInstance, options) {
    routes.push({ options, context: this })
  })
  return routes
}

/** The methods of a route. */
export function methodsOf({ options }: CollectedRoute): readonly string[] {
  return [options.method].flat()
}

/** The errors that a route declares. */
export function throwsOf({ options }: CollectedRoute): readonly RouteError[] {
  return options.throws ?? []
}

/** Whether clients are not to learn of a route. */
export function isHiddenRoute({ options: { config, schema } }: CollectedRoute): boolean {
  return config?.isHidden === true || (schema as { readonly hide?: unknown })?.hide === true
}
