import { isObject } from '../kit/unknown-value.js'
import { type CollectedRoute, methodsOf } from '../throws/collected-routes.js'
import { type ApiDocument, OPERATIONS, type Operation } from './api-document.js'
import type { RouteMarks } from './compat-swagger.js'

/** Changes the operation of a route. */
export type ChangeOperation = (
  operation: Operation,
  route: CollectedRoute,
  method: string,
  path: string,
) => Operation

/** A copy of a document whose operations are changed, each with its route; those of unknown routes stay. */
export function changeOperations(
  document: ApiDocument,
  routes: readonly CollectedRoute[],
  marks: RouteMarks,
  change: ChangeOperation,
): ApiDocument {
  const byPath = routesByPath(document, routes)
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => {
    const changed = Object.entries(item).map(([field, operation]) => {
      if (!OPERATIONS.includes(field) || !isObject(operation)) return [field, operation]
      const marked = marks.indexOf(operation as Operation)
      const route = marked === undefined ? byPath.get(`${field} ${path}`) : routes[marked]
      const own = marks.without(operation as Operation)
      return [field, route === undefined ? own : change(own, route, field.toUpperCase(), path)]
    })
    return [path, Object.fromEntries(changed)]
  })
  return { ...document, paths: Object.fromEntries(paths) }
}

/** The routes by the methods and paths that @fastify/swagger gives them, where no transform gives them others. */
function routesByPath(
  document: ApiDocument,
  routes: readonly CollectedRoute[],
): ReadonlyMap<string, CollectedRoute> {
  const bases = basePathsOf(document)
  const byPath = new Map<string, CollectedRoute>()
  for (const route of routes) {
    const url = templateOf(bases.reduce(withoutBase, route.options.url))
    for (const method of methodsOf(route)) byPath.set(`${method.toLowerCase()} ${url}`, route)
  }
  return byPath
}

function basePathsOf({ basePath, servers }: ApiDocument): readonly string[] {
  if (typeof basePath === 'string') return [basePath]
  if (!Array.isArray(servers)) return []
  return servers.map((server: { readonly url?: unknown }) => {
    const url = String(server.url)
    if (url.startsWith('/')) return url
    return URL.canParse(url) ? new URL(url).pathname : '/'
  })
}

function withoutBase(url: string, base: string): string {
  if (base === '/' || !url.startsWith(base)) return url
  const rest = url.slice(base.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** `/orders/:id(^\\d+$)` -> `/orders/{id}`, as documents write paths. */
function templateOf(url: string): string {
  return url
    .replaceAll('::', '\u0000')
    .replace(/:(\w+)(?:\((?:[^()]|\([^()]*\))*\))?/g, '{$1}')
    .replace('*', '{*}')
    .replaceAll('\u0000', ':')
}
