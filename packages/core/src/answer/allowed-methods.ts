import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify'
import { pathOf } from '../request/request-path.js'

/** What a route's path has matched. */
type Params = Readonly<Record<string, string | undefined>>

/**
 * The methods that the path of a request has routes for, for the header `Allow`; undefined where it has none. Fastify's own
 * router is asked, with the request's host and version, so every option of it counts.
 *
 * A wildcard for all paths makes no path known: the handler behind it, a page or a file server, has yet to find something
 * there. Neither does a route for OPTIONS: that of CORS answers for all paths.
 */
export function allowedMethods(app: FastifyInstance, request: FastifyRequest): string | undefined {
  const allowed = app.supportedMethods.filter((method) => hasRoute(app, request, method)).sort()
  // A constraint of the application's own has refused the request, and not its method.
  if (allowed.includes(request.method)) return undefined
  const isKnown = allowed.some((method) => method !== 'OPTIONS')
  return isKnown ? allowed.join(', ') : undefined
}

function hasRoute(app: FastifyInstance, { raw }: FastifyRequest, method: string): boolean {
  const url = raw.url ?? '/'
  const { headers } = raw
  const version = headers['accept-version'] as string
  const host = (headers.host ?? headers[':authority']) as string
  try {
    const route = app.findRoute({
      method: method as HTTPMethods,
      url,
      constraints: { host, version },
    }) as { readonly params: Params } | null
    return route !== null && !isOfAllPaths(route.params, url)
  } catch {
    // A constraint of the application's own, whose value is not known here.
    return false
  }
}

/** Whether a wildcard has matched the whole path. Slashes do not count: some options of the router drop them. */
function isOfAllPaths(params: Params, url: string): boolean {
  const { '*': rest } = params
  if (rest === undefined || Object.keys(params).length > 1) return false
  return withoutSlashes(rest) === withoutSlashes(decoded(pathOf(url)))
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function withoutSlashes(path: string): string {
  return path.replaceAll('/', '')
}
