import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Failure } from './errors/failure.js'
import { isObject } from './kit/unknown-value.js'
import { errorForLog } from './log/redacted-error.js'

/** The part of mercurius' context that is used; core does not depend on mercurius. */
export interface GraphqlContext {
  readonly app: FastifyInstance
  /** Missing where a query was not sent by a client: `app.graphql(query)`. */
  readonly reply?: FastifyReply
}

/** The part of a GraphQLError that is read. */
export interface GraphqlError {
  readonly message: string
  readonly path?: readonly (string | number)[] | undefined
  readonly originalError?: unknown
  toJSON(): GraphqlErrorBody
}

/** An error in the answer's list, as GraphQL's specification names its fields. */
export interface GraphqlErrorBody {
  readonly message: string
  readonly locations?: readonly { readonly line: number; readonly column: number }[]
  readonly path?: readonly (string | number)[]
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** A query's result with errors. */
export interface GraphqlExecution {
  readonly data?: Record<string, unknown> | null | undefined
  readonly errors: readonly GraphqlError[]
}

/** What mercurius answers with. */
export interface GraphqlAnswer {
  readonly statusCode: number
  readonly response: {
    readonly data: Record<string, unknown> | null
    readonly errors: GraphqlErrorBody[]
  }
}

/**
 * The option `errorFormatter` of mercurius: `app.register(mercurius, { schema, resolvers, errorFormatter: formatGraphqlErrors })`.
 *
 * The answer keeps GraphQL's form. What a resolver has thrown has the message that core would answer with, so an unexpected error's
 * own text is not sent, and in its `extensions` the `code`, `id`, `status` and `details` of a registered error or a ServiceError. One of 500 or
 * above is reported, once for each field of a query, and its `extensions` have the `errorId`.
 * GraphQL's own errors, and those that the application has given `extensions`, stay as they are.
 *
 * Source: https://mercurius.dev/#/docs/api/options
 */
export function formatGraphqlErrors(
  execution: GraphqlExecution,
  { app, reply }: GraphqlContext,
): GraphqlAnswer {
  const reporting = new QueryReporting(app, reply?.request)
  const errors = execution.errors.flatMap((error) => describe(error, app, reporting))
  const isExecuted = execution.data !== undefined && execution.data !== null
  const [first] = execution.errors
  const isAlone = errors.length === 1 && first !== undefined
  return {
    statusCode: isExecuted || !isAlone ? 200 : statusOf(first),
    response: { data: execution.data ?? null, errors },
  }
}

function describe(
  error: GraphqlError,
  app: FastifyInstance,
  reporting: QueryReporting,
): GraphqlErrorBody[] {
  const { originalError } = error
  const body = error.toJSON()
  if (!isObject(originalError)) return [body]
  const { errors, extensions } = originalError as { errors?: unknown; extensions?: unknown }
  // mercurius' own refusal of a query, with what GraphQL has found in it.
  if (Array.isArray(errors) && isOfMercurius(originalError)) return errors.map(bodyOf)
  if (isObject(extensions)) return [body]
  const failure = app.scs.failureOf(originalError)
  const errorId = failure.status < 500 ? failure.errorId : reporting.report(error, failure)
  return [{ ...body, message: failure.message, extensions: extensionsOf(failure, errorId) }]
}

function extensionsOf(failure: Failure, errorId: string | undefined): Record<string, unknown> {
  const { code, id, status, details, validation } = failure
  return {
    code,
    id,
    status,
    ...(details === undefined ? {} : { details }),
    ...(validation === undefined ? {} : { details: validation }),
    ...(errorId === undefined ? {} : { errorId }),
  }
}

/** As mercurius: the status of the only error of a query without data, if it has one, else 200. */
function statusOf({ originalError }: GraphqlError): number {
  const { statusCode } = (originalError ?? {}) as { statusCode?: unknown }
  return typeof statusCode === 'number' ? statusCode : 200
}

function isOfMercurius(error: object): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code.startsWith('MER_')
}

/** Of the errors in such a refusal, some are plain ones. */
function bodyOf(error: Partial<GraphqlError>): GraphqlErrorBody {
  return error.toJSON?.() ?? { message: String(error.message) }
}

/** Logs and reports the failures of one query, each field once: a list of a hundred items may fail a hundred times. */
class QueryReporting {
  readonly #app: FastifyInstance
  readonly #request: FastifyRequest | undefined
  readonly #ids = new Map<string, string | undefined>()

  constructor(app: FastifyInstance, request: FastifyRequest | undefined) {
    this.#app = app
    this.#request = request
  }

  /** Returns the report's id. */
  report(error: GraphqlError, failure: Failure): string | undefined {
    const path = (error.path ?? []).filter((step) => typeof step === 'string').join('.')
    if (!this.#ids.has(path)) this.#ids.set(path, this.#reportField(path, failure))
    return this.#ids.get(path)
  }

  #reportField(path: string, { thrown }: Failure): string | undefined {
    const reporter = this.#request ?? this.#app
    const title = path === '' ? 'GraphQL' : `GraphQL ${path}`
    const operation = operationOf(this.#request?.body)
    if ('reportError' in reporter) {
      const data = { path, ...(operation === undefined ? {} : { operation }) }
      return (reporter as Reporter).reportError(title, { caught: thrown, fatal: true, data })
    }
    const log: FastifyBaseLogger = reporter.log
    log.error({ err: errorForLog(thrown, this.#app.scs.redactor) }, title)
    return undefined
  }
}

/** What error-reporter decorates requests and the app with. */
interface Reporter {
  reportError(
    title: string,
    options: { readonly caught: unknown; readonly fatal: boolean; readonly data: object },
  ): string | undefined
}

/** The operation's name, as clients send it beside the query. */
function operationOf(body: unknown): string | undefined {
  const { operationName } = (isObject(body) ? body : {}) as { operationName?: unknown }
  return typeof operationName === 'string' ? operationName : undefined
}
