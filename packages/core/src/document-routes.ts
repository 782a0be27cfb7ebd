import type { FastifyInstance } from 'fastify'
import { type ErrorFormat, problemFormat, problemUrn } from './answer/error-format.js'
import { type ClientError, clientErrorsOf } from './catalogue/client-errors.js'
import { pageOf, serveErrorPages } from './catalogue/error-pages.js'
import type { Registries } from './errors/classify.js'
import type { RouteErrors } from './errors/route-errors.js'
import { ThrowsNotWatchedError } from './errors.js'
import { bodyFormsOf } from './openapi/body-forms.js'
import { documentErrors } from './openapi/document-errors.js'
import type { ResolvedScsOptions } from './options.js'
import { collectRoutes } from './throws/collected-routes.js'
import { EnforcedThrows, logUnusedThrows, warnInProduction } from './throws/enforced-throws.js'

/** What is known of the errors of an app's routes. */
export interface RouteDocumentation {
  /** The problem format, whose `type` leads to the pages of errors where there are some. */
  readonly problem: ErrorFormat
  /** The check of `enforceThrows`. */
  readonly enforced: EnforcedThrows | undefined
  readonly clientErrors: () => readonly ClientError[]
  readonly unusedThrows: () => readonly RouteErrors[]
  /** Begins to document, once core's error handler is set. */
  readonly begin: () => void
}

/** Collects the routes of an app, and makes of what they declare the catalogue, its pages, the OpenAPI documents and the check. */
export function documentRoutes(
  app: FastifyInstance,
  options: ResolvedScsOptions,
  { errors, exceptions }: Registries,
): RouteDocumentation {
  const routes = collectRoutes(app)
  const { errorPages = false, openapi } = options
  const typeOf = (id: string): string =>
    errorPages !== false && hasPage(id) ? pageOf(app, errorPages, id) : problemUrn(id)
  const clientErrors = (): readonly ClientError[] =>
    clientErrorsOf(errors, routes, ({ id, hasOwnId }) => (hasOwnId ? typeOf(id) : 'about:blank'))
  // Asked for each problem that is answered, so the ids of classes that routes declare are looked up once, unless there are more routes since.
  let declared: ReadonlySet<string> = new Set()
  let routesSeen = -1
  const hasPage = (id: string): boolean => {
    if (errors.hasId(id)) return true
    if (routesSeen !== routes.length) {
      declared = new Set(clientErrorsOf(errors, routes, () => '').map((error) => error.id))
      routesSeen = routes.length
    }
    return declared.has(id)
  }
  const problem = problemFormat(typeOf)
  const enforced = options.enforceThrows ? new EnforcedThrows(routes, errors) : undefined
  return {
    problem,
    enforced,
    clientErrors,
    unusedThrows: () => {
      if (enforced === undefined) throw new ThrowsNotWatchedError()
      return enforced.unused()
    },
    begin: () => {
      if (enforced !== undefined) {
        warnInProduction(app)
        logUnusedThrows(app, enforced)
      }
      if (errorPages !== false) serveErrorPages(app, errorPages, clientErrors)
      if (openapi === false) return
      const registries = { errors, exceptions, errorHandler: app.errorHandler }
      const decorators = openapi.decorators ?? ['swagger']
      documentErrors(app, decorators, routes, registries, bodyFormsOf(options, problem))
    },
  }
}
