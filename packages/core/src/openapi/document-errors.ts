import type { FastifyInstance } from 'fastify'
import { isObject } from '../kit/unknown-value.js'
import type { CollectedRoute } from '../throws/collected-routes.js'
import { withErrorResponses } from './add-responses.js'
import { type ApiDocument, dialectOf } from './api-document.js'
import {
  type DocumentFunction,
  type DocumentOwner,
  findDocumentOwners,
  RouteMarks,
  replaceDocument,
  toYaml,
} from './compat-swagger.js'
import { Components } from './components.js'
import { changeOperations } from './operations.js'
import type { ErrorBodies } from './response.js'
import { type DocumentedRegistries, errorsOfRoute } from './route-responses.js'

/** What error bodies look like, whatever the document. */
export type BodyForms = Pick<ErrorBodies, 'chosen' | 'mediaType' | 'ownSchema' | 'problem'>

/**
 * Adds the errors of the routes to the documents of @fastify/swagger, when these are asked for. An app without its decorator pays
 * nothing but the look for it, once.
 *
 * @param decorators the names that @fastify/swagger was given
 */
export function documentErrors(
  app: FastifyInstance,
  decorators: readonly string[],
  routes: readonly CollectedRoute[],
  registries: DocumentedRegistries,
  forms: BodyForms,
): void {
  app.addHook('onReady', (done) => {
    const contexts = new Set([app, ...routes.map(({ context }) => context)])
    for (const owner of findDocumentOwners(decorators, contexts)) {
      const own = routes.filter(({ context }) => isWithin(context, owner.context))
      replaceDocument(owner, documentWith(app, owner, own, registries, forms))
    }
    done()
  })
}

function isWithin(context: object, outer: object): boolean {
  return context === outer || Object.prototype.isPrototypeOf.call(outer, context)
}

function documentWith(
  app: FastifyInstance,
  { context, make }: DocumentOwner,
  routes: readonly CollectedRoute[],
  registries: DocumentedRegistries,
  forms: BodyForms,
): DocumentFunction {
  const marks = new RouteMarks()
  const known = new WeakMap<object, ApiDocument>()
  const texts = new WeakMap<object, string>()
  const documentOf = (): unknown => {
    const made = marks.during(routes, () => make.call(context))
    if (!isObject(made)) return made
    let document = known.get(made)
    if (document === undefined) {
      document = complete(app, made as ApiDocument, routes, marks, registries, forms)
      known.set(made, document)
    }
    return document
  }
  return (options) => {
    const document = documentOf()
    if (options?.yaml !== true || !isObject(document)) return document
    const text = texts.get(document) ?? toYaml(document as ApiDocument)
    texts.set(document, text)
    return text
  }
}

/** The document with the errors; without them, and a line in the log, where they cannot be told. */
function complete(
  app: FastifyInstance,
  document: ApiDocument,
  routes: readonly CollectedRoute[],
  marks: RouteMarks,
  registries: DocumentedRegistries,
  forms: BodyForms,
): ApiDocument {
  const dialect = dialectOf(document)
  if (dialect === undefined) return document
  const components = new Components(document, dialect)
  const bodies: ErrorBodies = { ...forms, dialect, components }
  const changed = changeOperations(document, routes, marks, (operation, route, method, path) => {
    try {
      const errors = errorsOfRoute(route, method, registries)
      const responses = withErrorResponses(operation.responses ?? {}, errors, bodies, path)
      return { ...operation, responses }
    } catch (error) {
      app.log.error({ err: error }, `the errors of ${method} ${path} are not in its documentation`)
      return operation
    }
  })
  return { ...components.document(), paths: changed.paths ?? {} }
}
