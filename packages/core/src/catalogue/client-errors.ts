import type { ErrorRegistry } from '../errors/error-registry.js'
import {
  type CollectedRoute,
  isHiddenRoute,
  methodsOf,
  throwsOf,
} from '../throws/collected-routes.js'
import {
  allDeclaredErrors,
  type DeclaredError,
  errorOfAnswer,
  keyOfError,
} from '../throws/declared-error.js'

/** One error that clients can get. */
export interface ClientError {
  /** HTTP status code. */
  readonly code: number
  /** The id that clients match on. */
  readonly id: string
  /** What clients read; an example where the text is not fixed. */
  readonly message: string
  /** The JSON Schema of its details, where it is known. */
  readonly details?: Readonly<Record<string, unknown>>
  /** The routes that declare it by `throws`, without those that are hidden. */
  readonly routes: readonly { readonly method: string; readonly url: string }[]
  /** The `type` of the problem format: with `errorPages`, the address of its page. */
  readonly type: string
}

/** Statuses that Fastify itself answers with, if nobody has registered an error for them. */
const OF_FASTIFY = [404, 413, 415]

/** The errors that clients can get: those that are registered, those that routes declare, and those of Fastify itself; by code and id. */
export function clientErrorsOf(
  errors: ErrorRegistry,
  routes: readonly CollectedRoute[],
  typeOf: (error: { readonly id: string; readonly hasOwnId: boolean }) => string,
): readonly ClientError[] {
  const found = new Map<string, { error: DeclaredError; routes: ClientError['routes'][number][] }>()
  const add = (error: DeclaredError): ClientError['routes'][number][] => {
    const known = found.get(keyOfError(error)) ?? { error, routes: [] }
    found.set(keyOfError(error), known)
    return known.routes
  }
  for (const { code, id } of errors.list()) {
    const answer = errors.find(code, id)
    if (answer !== undefined) add(errorOfAnswer(answer))
  }
  for (const status of OF_FASTIFY) add(errorOfAnswer(errors.ofStatus(status)))
  for (const route of routes) {
    if (isHiddenRoute(route)) continue
    const methods = methodsOf(route).filter((method) => method !== 'HEAD')
    for (const error of allDeclaredErrors(throwsOf(route), errors)) {
      add(error).push(...methods.map((method) => ({ method, url: route.options.url })))
    }
  }
  return [...found.values()]
    .map(({ error, routes: declaring }) => clientError(error, declaring, typeOf(error)))
    .sort((one, other) => one.code - other.code || (one.id < other.id ? -1 : 1))
}

function clientError(
  { status, id, message, details }: DeclaredError,
  routes: ClientError['routes'],
  type: string,
): ClientError {
  return {
    code: status,
    id,
    message,
    // Without TypeBox's symbols: what is left is JSON Schema.
    ...(details === undefined ? {} : { details: JSON.parse(JSON.stringify(details)) }),
    routes,
    type,
  }
}
