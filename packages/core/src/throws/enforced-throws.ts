import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isErrorModel } from '../errors/error-model.js'
import type { ErrorRegistry } from '../errors/error-registry.js'
import { type Failure, failureOf } from '../errors/failure.js'
import { isRegistryError } from '../errors/registry-error.js'
import type { RouteError, RouteErrors } from '../errors/route-errors.js'
import { isServiceError } from '../errors/service-error.js'
import { UndeclaredError } from '../errors.js'
import { isObject } from '../kit/unknown-value.js'
import { type CollectedRoute, methodsOf, throwsOf } from './collected-routes.js'
import { declaredErrorsOf, keyOfError } from './declared-error.js'

/** Statuses that any route may answer with, if the id is that of the status. */
const IMPLIED = [400, 404, 405, 413, 415, 500]

/** The answer in the place of an error that is not declared. */
const UNDECLARED = { status: 500, id: 'undeclared-error', code: 'UNDECLARED_ERROR' } as const

/**
 * Checks that routes answer with no errors but those that they declare, and knows which of these have happened. For tests: it is in the way of
 * every failed request.
 */
export class EnforcedThrows {
  readonly #routes: readonly CollectedRoute[]
  readonly #errors: ErrorRegistry
  /** The items of `throws` that have happened, by route. */
  readonly #happened = new Map<string, Set<RouteError>>()

  constructor(routes: readonly CollectedRoute[], errors: ErrorRegistry) {
    this.#routes = routes
    this.#errors = errors
  }

  /** The failure itself where its route declares it, or need not; otherwise one that says what is to be declared. */
  readonly check = (failure: Failure, request: FastifyRequest): Failure => {
    const { url } = request.routeOptions
    if (url === undefined) return failure
    const { status, id, mistake, thrown } = failure
    const isDeclared = this.#note(failure, request.method, url)
    if (isDeclared || !isOfApplication(thrown) || this.#isImplied(failure)) return failure
    const route = `${request.method} ${url}`
    const error = new UndeclaredError(route, status, id, id, { cause: thrown })
    const message = `${error.code}: ${error.message}`
    const answer = { ...UNDECLARED, message, registered: undefined }
    return { ...failureOf(answer, error, { route, status, id }), mistake }
  }

  /** What routes declare and what has not happened yet. A route for HEAD that Fastify adds to one for GET is not listed. */
  unused(): readonly RouteErrors[] {
    return this.#routes.flatMap((route) => {
      const { url } = route.options
      return methodsOf(route).flatMap((method) => {
        const happened = this.#happened.get(keyOf(method, url))
        const throws = throwsOf(route).filter((item) => happened?.has(item) !== true)
        return method === 'HEAD' || throws.length === 0 ? [] : [{ method, url, throws }]
      })
    })
  }

  /** Notes that a failure has happened, and tells whether its route declares it. */
  #note(failure: Failure, method: string, url: string): boolean {
    const keys = new Set([keyOf(method, url)])
    if (method === 'HEAD') keys.add(keyOf('GET', url))
    let isDeclared = false
    for (const route of this.#routes) {
      const own = methodsOf(route).map((each) => keyOf(each, route.options.url))
      if (!own.some((key) => keys.has(key))) continue
      for (const item of throwsOf(route)) {
        const errors = declaredErrorsOf(item, this.#errors)
        if (!errors.some((error) => keyOfError(error) === keyOfError(failure))) continue
        isDeclared = true
        for (const key of own) {
          const happened = this.#happened.get(key) ?? new Set()
          this.#happened.set(key, happened.add(item))
        }
      }
    }
    return isDeclared
  }

  #isImplied({ status, id }: Failure): boolean {
    if (!IMPLIED.includes(status)) return false
    return id === this.#errors.ofStatus(status).id || (status === 500 && this.#isDefault(id))
  }

  #isDefault(id: string): boolean {
    return id === this.#errors.defaultOf(500).id
  }
}

/** Whether something is an error that the application can declare: not one of Fastify, of another plugin or of a bug. */
function isOfApplication(thrown: unknown): boolean {
  if (!isObject(thrown)) return false
  try {
    return isRegistryError(thrown) || isServiceError(thrown) || isErrorModel(thrown)
  } catch {
    // A Proxy trap threw.
    return false
  }
}

/** Fastify has two routes for the root of a prefix, with and without a slash: they are one here. */
function keyOf(method: string, url: string): string {
  return `${method} ${url.replace(/(.)\/$/, '$1')}`
}

/** Logs a warning where the check, which is for tests, has been left on. */
export function warnInProduction(app: FastifyInstance): void {
  if (process.env.NODE_ENV !== 'production') return
  app.log.warn(
    'enforceThrows is for tests: errors that a route does not declare are answered with 500',
  )
}

/** Logs what has not happened, when the app closes. */
export function logUnusedThrows(app: FastifyInstance, enforced: EnforcedThrows): void {
  app.addHook('onClose', (_app, done) => {
    const routes = enforced.unused().map(({ method, url, throws }) => ({
      route: `${method} ${url}`,
      throws: throws.map((item) =>
        typeof item === 'string' ? item : 'id' in item ? item.id : item.code,
      ),
    }))
    if (routes.length > 0) app.log.warn({ routes }, 'routes declare errors that never happened')
    done()
  })
}
