import type { FastifyInstance } from 'fastify'
import { ThrowsError } from '../errors.js'
import { show } from '../kit/unknown-value.js'
import { type DefinedError, isDefinedError } from './error-definition.js'
import type { ErrorRegistry } from './error-registry.js'
import { isServiceErrorClass, type ServiceErrorClass } from './service-error.js'

/** One error that a route declares: a defined error, an error class or a registered id. */
export type RouteError = DefinedError | ServiceErrorClass | string

/** The errors that a route declares. */
export interface RouteErrors {
  readonly method: string
  readonly url: string
  readonly throws: readonly RouteError[]
}

/**
 * Collects the `throws` of every route. A wrong item fails when the route is added. An id or a defined error that is not
 * registered fails when the app is ready, since the plugin that registers it may come later.
 */
export function collectRouteErrors(
  app: FastifyInstance,
  errors: ErrorRegistry,
): readonly RouteErrors[] {
  const routes: RouteErrors[] = []
  app.addHook('onRoute', ({ method, url, throws }) => {
    if (throws === undefined) return
    const name = `${String(method)} ${url}`
    if (!Array.isArray(throws)) throw new ThrowsError(name, show(throws), 'not a list')
    for (const item of throws as readonly unknown[]) {
      if (typeof item === 'string' || isDefinedError(item) || isServiceErrorClass(item)) continue
      throw new ThrowsError(name, show(item), 'not an id, a defined error or a ServiceError class')
    }
    for (const each of [method].flat()) routes.push({ method: each, url, throws: [...throws] })
  })
  app.addHook('onReady', (done) => {
    for (const { method, url, throws } of routes) {
      for (const item of throws) {
        if (isRegistered(item, errors)) continue
        const name = isDefinedError(item) ? `${item.code} ${item.id}` : show(item)
        done(new ThrowsError(`${method} ${url}`, name, 'not registered'))
        return
      }
    }
    done()
  })
  return routes
}

/** A ServiceError class needs no registration: it has its own code and status. */
function isRegistered(item: RouteError, errors: ErrorRegistry): boolean {
  if (typeof item === 'string') return errors.hasId(item)
  return !isDefinedError(item) || errors.find(item.code, item.id) !== undefined
}
