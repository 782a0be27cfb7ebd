import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../request/request-facts.js'
import { hookNotFoundHandler, matchRoute, type RouteParams } from './compat-fastify.js'

/** Set on a request that no route was found for; `reply.callNotFound` comes from the handler of a route. */
const UNROUTED: unique symbol = Symbol('@fastify-scs/core/unrouted')

type Unrouted = FastifyRequest & { [UNROUTED]?: true }

/**
 * Answers the unknown routes of an app, except where a context has a not-found handler of its own.
 *
 * @param asksForMethods whether a known path with another method is told apart
 * @param answer sends the answer; `allowed` are the methods of a path that is known
 */
export function answerUnknownRoutes(
  app: FastifyInstance,
  asksForMethods: boolean,
  answer: (request: FastifyRequest, reply: FastifyReply, allowed: string | undefined) => void,
): void {
  const onRequest = (request: Unrouted, _reply: FastifyReply, done: () => void): void => {
    request[UNROUTED] = true
    done()
  }
  // `done` is not called: the answer ends the request before Fastify's own handler is reached.
  const preHandler = (request: Unrouted, reply: FastifyReply): void => {
    const { method } = request
    // Fastify answers HEAD and OPTIONS for an unknown route alike, whether the path is known or not.
    const isAsked =
      asksForMethods && method !== 'HEAD' && method !== 'OPTIONS' && !hidden.has(request)
    const isUnrouted = request[UNROUTED] === true
    answer(request, reply, isAsked && isUnrouted ? allowedMethods(app, request) : undefined)
  }
  const hidden = new HiddenRoutes(app)
  try {
    hookNotFoundHandler(app, { onRequest, preHandler })
  } catch (error) {
    app.log.debug({ err: error }, 'the application has a not-found handler of its own')
  }
}

/** The routes with `isHidden`: their paths are answered 404, not 405, for other methods, so that nobody learns of them. */
class HiddenRoutes {
  /** The longest fixed part of each route's URL, in lower case. */
  readonly #parts = new Set<string>()

  constructor(app: FastifyInstance) {
    app.addHook('onRoute', ({ url, config }) => {
      if (config?.isHidden === true) this.#parts.add(longestFixedPart(url).toLowerCase())
    })
  }

  /** Whether a path may be one of these routes; too many paths rather than too few: those are answered 404 instead of 405. */
  has({ raw }: FastifyRequest): boolean {
    if (this.#parts.size === 0) return false
    const path = decoded(pathOf(raw.url ?? '/'))
      .toLowerCase()
      .replace(/\/{2,}/g, '/')
    return [...this.#parts].some((part) => `${path}/`.includes(part))
  }
}

function longestFixedPart(url: string): string {
  const [longest = ''] = url.split(/:[^/]*|\*/).sort((one, other) => other.length - one.length)
  return longest
}

/**
 * The methods that the path of a request has routes for, as the header `Allow` lists them; undefined where the path is unknown.
 * Fastify's own router is asked, so all its options count.
 *
 * A wildcard for all paths makes no path known: its handler, a page or a file server, may still find nothing. Neither does
 * a route for OPTIONS: CORS plugins have one for all paths.
 */
function allowedMethods(app: FastifyInstance, request: FastifyRequest): string | undefined {
  const allowed = app.supportedMethods.filter((method) => hasRoute(app, request, method)).sort()
  // A constraint of the application's own has refused the request, and not its method.
  if (allowed.includes(request.method)) return undefined
  const isKnown = allowed.some((method) => method !== 'OPTIONS')
  return isKnown ? allowed.join(', ') : undefined
}

function hasRoute(app: FastifyInstance, request: FastifyRequest, method: string): boolean {
  const params = matchRoute(app, request, method)
  return params !== undefined && !isOfAllPaths(params, request.raw.url ?? '/')
}

/** Whether a wildcard has matched the whole path. Slashes do not count: some options of the router drop them. */
function isOfAllPaths(params: RouteParams, url: string): boolean {
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
