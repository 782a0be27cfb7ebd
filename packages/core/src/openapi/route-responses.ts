import type { FastifyInstance } from 'fastify'
import type { ErrorRegistry } from '../errors/error-registry.js'
import type { ExceptionRegistry } from '../errors/exception-registry.js'
import { type CollectedRoute, throwsOf } from '../throws/collected-routes.js'
import {
  allDeclaredErrors,
  type DeclaredError,
  errorOfAnswer,
  keyOfError,
} from '../throws/declared-error.js'

/** One error in the documentation of a route. */
export interface DocumentedError extends DeclaredError {
  /** Whether it has the wrong values of a request. */
  readonly isValidation: boolean
  /** Whether the route declares it; the others are answers that any such route has. */
  readonly isDeclared: boolean
}

/** What tells two documented errors apart. */
export function keyOf(error: DocumentedError): string {
  return `${keyOfError(error)} ${error.code} ${error.isValidation}`
}

/** What the documentation of routes is made of. */
export interface DocumentedRegistries {
  readonly errors: ErrorRegistry
  readonly exceptions: ExceptionRegistry
  /** Core's own error handler; a route with another one answers in a way that core does not know. */
  readonly errorHandler: FastifyInstance['errorHandler']
}

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'QUERY'])
const VALIDATED = ['body', 'querystring', 'query', 'params', 'headers'] as const

/** The errors that a route answers with, by status. */
export function errorsOfRoute(
  route: CollectedRoute,
  method: string,
  registries: DocumentedRegistries,
): ReadonlyMap<number, readonly DocumentedError[]> {
  const declared = allDeclaredErrors(throwsOf(route), registries.errors).map((error) =>
    documented(error, { isDeclared: true }),
  )
  const implied = isAnsweredByCore(route, registries)
    ? impliedErrors(route, method, registries)
    : []
  const byStatus = new Map<number, DocumentedError[]>()
  // A route that says which 404s it has is not given the general one.
  const statuses = new Set(declared.map(({ status }) => status))
  const all = [...declared, ...implied.filter(({ status }) => status !== 404 || !statuses.has(404))]
  const seen = new Set<string>()
  for (const error of all) {
    const key = `${keyOfError(error)} ${error.code}`
    if (seen.has(key)) continue
    seen.add(key)
    byStatus.set(error.status, [...(byStatus.get(error.status) ?? []), error])
  }
  return new Map([...byStatus].sort(([one], [other]) => one - other))
}

function isAnsweredByCore(
  { options, context }: CollectedRoute,
  { errorHandler }: DocumentedRegistries,
): boolean {
  return options.errorHandler === undefined && context.errorHandler === errorHandler
}

function impliedErrors(
  { options }: CollectedRoute,
  method: string,
  { errors, exceptions }: DocumentedRegistries,
): DocumentedError[] {
  const schema = (options.schema ?? {}) as Readonly<Record<string, unknown>>
  const isValidated = VALIDATED.some((part) => schema[part] !== undefined)
  const hasBody = WITH_BODY.has(method) || schema.body !== undefined
  const ofStatus = (status: number): DocumentedError =>
    documented(errorOfAnswer(errors.ofStatus(status)))
  const implied: DocumentedError[] = []
  if (isValidated && options.attachValidation !== true) {
    const kind = errorOfAnswer(errors.ofStatus(400))
    implied.push(documented({ ...kind, code: 'INVALID_PARAMETER' }, { isValidation: true }))
    // A body that cannot be read at all has this code in the pymacaron format.
    if (hasBody) implied.push(ofStatus(400))
  }
  // Any handler may say by `reply.callNotFound()` that there is no such thing.
  implied.push(ofStatus(404))
  if (hasBody) implied.push(ofStatus(413), ofStatus(415))
  const unexpected = { ...errorOfAnswer(errors.defaultOf(500)), code: 'SERVER_ERROR' }
  const ofExceptions = exceptions
    .list()
    .flatMap(({ id }) => errors.find(500, id) ?? [])
    .map((answer) => documented(errorOfAnswer(answer)))
  return [...implied, documented(unexpected), ...ofExceptions]
}

function documented(
  error: DeclaredError,
  { isValidation = false, isDeclared = false } = {},
): DocumentedError {
  return { ...error, isValidation, isDeclared }
}
