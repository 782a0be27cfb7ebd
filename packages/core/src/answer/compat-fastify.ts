import { tracingChannel } from 'node:diagnostics_channel'
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'

/*
 * What core uses of Fastify beyond its documented API, from 5.0 on. Most of it is kept under symbols that Fastify does not
 * export: https://github.com/fastify/fastify/blob/main/lib/symbols.js. Each thing here says what changes for an application
 * where a release of Fastify no longer has it; test/answer/compat-fastify.test.ts tells.
 */

/** The own symbol of an object that has this description; undefined where there is none. */
export function symbolDescribed(holder: object, wanted: string): symbol | undefined {
  return Object.getOwnPropertySymbols(holder).find(({ description }) => description === wanted)
}

/**
 * Knows whether a reply has headers yet. `getHeaders` makes three objects, and takes some 7 % of an error's answer; most errors are
 * thrown before any header is set.
 *
 * Without the symbol there may always be headers: answers are the same, and error answers cost these 7 % more.
 */
export class ReplyHeaders {
  #key: symbol | undefined

  /** Whether a header may be set. */
  mayBeSet(reply: FastifyReply): boolean {
    if (reply.raw.getHeaderNames().length > 0) return true
    this.#key ??= symbolDescribed(reply, 'fastify.reply.headers')
    if (this.#key === undefined) return true
    const own = (reply as unknown as Record<symbol, object | undefined>)[this.#key]
    if (own === undefined) return true
    for (const _name in own) return true
    return false
  }
}

/** What Fastify's context of a route has, as far as it is read here. */
interface RouteContext {
  readonly preSerialization?: readonly unknown[] | null
}

/**
 * Knows whether the application has preSerialization hooks for a request.
 *
 * Without the symbol there may always be some: answers are the same, and error answers are parsed and serialized once more.
 */
export class PreSerializationHooks {
  #key: symbol | undefined

  /** Whether such a hook may run. */
  mayRun(request: FastifyRequest): boolean {
    this.#key ??= symbolDescribed(request, 'fastify.context')
    if (this.#key === undefined) return true
    const context = (request as unknown as Record<symbol, RouteContext | undefined>)[this.#key]
    return context?.preSerialization !== null
  }
}

/**
 * Whether a reply is being answered with an error by Fastify or by an error handler.
 *
 * Without the symbols an Error model that an error handler of the application sends is answered in core's format.
 */
export function isAnsweringError(reply: FastifyReply): boolean {
  if (symbolDescribed(reply, 'fastify.reply.nextErrorHandler') !== undefined) return true
  const marks = ['fastify.reply.isError', 'fastify.reply.isRunningOnErrorHook']
  return marks.some((description) => valueDescribed(reply, description) === true)
}

/**
 * Fastify's log controller, which decides about the log lines of requests; undefined before Fastify had one.
 *
 * Without the symbol, core writes its lines about failures though the application wants none, or has its own.
 */
export function logControllerOf(app: object): unknown {
  for (let at: object | null = app; at !== null; at = Object.getPrototypeOf(at)) {
    const value = valueDescribed(at, 'fastify.logController')
    if (value !== undefined) return value
  }
  return undefined
}

/** Whether the logger of a request has the mark of `disableRequestLogging`, which Fastify set before it had log controllers. */
export function isLogMarkedDisabled(log: object): boolean {
  return valueDescribed(log, 'fastify.disableRequestLogging') === true
}

function valueDescribed(holder: object, description: string): unknown {
  const key = symbolDescribed(holder, description)
  return key === undefined ? undefined : (holder as Record<symbol, unknown>)[key]
}

const handlerTracing = tracingChannel('fastify.request.handler')

/**
 * Whether Fastify may set the status of an error on the reply before it calls the error handler: it does so while the channel for
 * tracing its handlers has a subscriber.
 *
 * Where it does so at another time, an error of another service is answered with that service's status, and not with 502.
 */
export function mayPresetErrorStatus(): boolean {
  return handlerTracing.hasSubscribers
}

/** Hooks of Fastify's own not-found handler. */
export interface NotFoundHooks {
  readonly onRequest: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void
  /** Ends the request; it need not call `done`. */
  readonly preHandler: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void
}

/**
 * Adds hooks to Fastify's own not-found handler: `setNotFoundHandler` with options and no handler. A handler of core's would
 * take the only place that a prefix has, and neither the application nor another plugin could set one.
 *
 * Without it unknown routes are answered in Fastify's form.
 *
 * @throws what Fastify throws where the application has a not-found handler already
 */
export function hookNotFoundHandler(app: FastifyInstance, hooks: NotFoundHooks): void {
  app.setNotFoundHandler(hooks as never, undefined as never)
}

/** What a route's path has matched. */
export type RouteParams = Readonly<Record<string, string | undefined>>

/**
 * What the path of a request matches in Fastify's router for a method; undefined where there is no route. `findRoute` is
 * documented for the URL of a route; that it matches the path of a request, with host and version, is not.
 *
 * Without it a known path with another method is answered as an unknown route, 404 and not 405.
 */
export function matchRoute(
  app: FastifyInstance,
  { raw }: FastifyRequest,
  method: string,
): RouteParams | undefined {
  const { headers } = raw
  const version = headers['accept-version'] as string
  const host = (headers.host ?? headers[':authority']) as string
  try {
    const route = app.findRoute({
      method: method as HTTPMethods,
      url: raw.url ?? '/',
      constraints: { host, version },
    }) as { readonly params: RouteParams } | null
    return route?.params
  } catch {
    // A constraint of the application's own, whose value is not known here.
    return undefined
  }
}

type ReplyMethod = (this: FastifyReply, ...args: never[]) => unknown

/**
 * Overrides a method of the replies of an app and returns a function that finds the method behind it. A decorator of Fastify's
 * may have the name of a method of its own.
 *
 * Without it Fastify refuses to start, with FST_ERR_DEC_ALREADY_PRESENT.
 */
export function overrideReplyMethod<Method extends ReplyMethod>(
  app: FastifyInstance,
  name: string,
  method: Method,
): (reply: FastifyReply) => Method {
  app.decorateReply(name, method as never)
  return (reply) => {
    let at = Object.getPrototypeOf(reply) as Record<string, unknown>
    while (!Object.hasOwn(at, name) || at[name] === method) at = Object.getPrototypeOf(at)
    return at[name] as Method
  }
}

/** Whether an app is the whole application, and not the context of a plugin. */
export function isRootContext(app: FastifyInstance): boolean {
  // The context of a plugin has the context above it as its prototype.
  return Object.getPrototypeOf(app) === Object.prototype
}

/** Four characters for each level of the tree, then the branch: `│   ├── `. */
const TREE_LINE = /^((?:│ {3}| {4})*)([├└]── )?(.*)$/
/** `/users/:id (GET, HEAD) {"host":"example.com"}` */
const TREE_ROUTE = /^(.*) \(([A-Z][A-Z, -]*)\)(?: \{.*\})?$/
const LEVEL_CHARS = 4
const EMPTY_ROOT = '(empty root node)'

/**
 * The routes whose errors Fastify's own error handler answers, each as `GET /users/:id`. Read from the text of `printRoutes`,
 * which is the only list of routes that Fastify has; it names the error handler of each.
 *
 * Where the text is another one, or the application has its own `buildPrettyMeta`, no route is found.
 */
export function routesOfDefaultErrorHandler(app: FastifyInstance): string[] {
  const tree = app.printRoutes({ includeMeta: ['errorHandler'] })
  const found = new Set<string>()
  /** The part of the path that each level of the tree has. */
  const parts: string[] = []
  let route = ''
  for (const line of tree.split('\n')) {
    const [, indent = '', branch, text = ''] = TREE_LINE.exec(line) ?? []
    if (text === '• (errorHandler) "defaultErrorHandler()"') found.add(route)
    const [, path, methods] = TREE_ROUTE.exec(text) ?? []
    const level = indent.length / LEVEL_CHARS
    if (branch !== undefined)
      parts.splice(level, parts.length, path ?? text.replace(EMPTY_ROOT, ''))
    // A route in a line without a branch is another one of the node above.
    if (methods !== undefined) route = `${shownMethods(methods)} ${parts.join('')}`
  }
  return [...found]
}

/** Fastify adds HEAD to each GET by itself. */
function shownMethods(methods: string): string {
  const names = methods.split(', ')
  return (names.includes('GET') ? names.filter((name) => name !== 'HEAD') : names).join(',')
}
