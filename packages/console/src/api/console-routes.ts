import { ServiceError } from '@fastify-scs/core'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchema,
  FastifySchemaCompiler,
  onRequestHookHandler,
  preValidationHookHandler,
  RouteOptions,
} from 'fastify'
import { checkChange, checkReading } from '../access/change-check.js'
import { countAsUnknown } from '../access/compat-fastify.js'
import type { Guard } from '../access/guard.js'
import { SECURITY_HEADERS } from '../access/security-headers.js'
import type { ConsoleFailures } from '../failures.js'
import {
  BusyError,
  NotAllowedError,
  NotFoundError,
  QueryTimedOutError,
  StoreAwayError,
} from './refusals.js'
import { refusalOf } from './store-refusal.js'

/** What a route takes and answers. */
export interface RouteSchemas<Query extends TSchema, Body extends TSchema> {
  readonly query?: Query
  readonly body?: Body
  readonly answer?: TSchema
}

/** A call of the API, its query and body checked. */
export interface ApiCall<Query, Body> {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly query: Query
  readonly body: Body
  /** What the wildcard or the parameters of the path have matched. */
  readonly params: Readonly<Record<string, string>>
}

/** Answers a call. */
export type ApiHandler<Query, Body> = (call: ApiCall<Query, Body>) => unknown

/** Checks something about a request that was let in, before its body is read; what it throws is answered. */
export type EntryCheck = (request: FastifyRequest) => Promise<void> | void

/** Where the routes are declared, and what all of them go by. */
export interface RouteParts {
  readonly app: FastifyInstance
  readonly prefix: string
  readonly guard: Guard
  /** Of each call of the API. */
  readonly limit: EntryCheck
  readonly failures: ConsoleFailures
}

/** Options of plugins that the application may have. */
interface UnknownOptions {
  readonly compress: false
  readonly decompress: false
}

/** A refusal of the console is no crash of the service. */
const EXPECTED = [BusyError, QueryTimedOutError, StoreAwayError].map(({ code }) => code)

const ROUTE_CONFIG = {
  isHidden: true,
  rateLimit: false,
  slowCall: false,
  ignoredErrors: EXPECTED,
} as const

const NoQuery = Type.Object({}, { additionalProperties: false })

/**
 * Declares the console's routes. All of them are in the context of the application that registered the console, so that its hooks, now
 * or added later, run for them as they do for an unknown path, and each asks the guard first.
 */
export class ConsoleRoutes {
  readonly #parts: RouteParts

  constructor(parts: RouteParts) {
    this.#parts = parts
  }

  /** Declares a route that is not part of the API: the page and its files. */
  page(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown): void {
    this.#declare('GET', path, {}, [], (request, reply) => handler(request, reply))
  }

  get<Query extends TSchema = typeof NoQuery>(
    path: string,
    schemas: RouteSchemas<Query, never>,
    handler: ApiHandler<Static<Query>, undefined>,
  ): void {
    this.#api('GET', path, schemas, [this.#parts.limit, checkReading], handler)
  }

  /** Declares a change. */
  post<Body extends TSchema>(
    path: string,
    schemas: RouteSchemas<never, Body>,
    handler: ApiHandler<Record<never, never>, Static<Body>>,
  ): void {
    const { limit, guard } = this.#parts
    const mayChange = async (request: FastifyRequest): Promise<void> => {
      if (await guard.mayChange(request)) return
      throw new NotAllowedError('You may not change anything here')
    }
    this.#api('POST', path, schemas, [limit, checkChange, mayChange], handler)
  }

  #api<Query, Body>(
    method: 'GET' | 'POST',
    path: string,
    { query = NoQuery, body, answer }: RouteSchemas<TSchema, TSchema>,
    checks: readonly EntryCheck[],
    handler: ApiHandler<Query, Body>,
  ): void {
    const schema = {
      querystring: query,
      ...(body === undefined ? {} : { body }),
      ...(answer === undefined ? {} : { response: { 200: answer } }),
    }
    this.#declare(method, path, schema, checks, async (request, reply) => {
      try {
        const call = { request, reply, query: request.query as Query, body: request.body as Body }
        return await handler({
          ...call,
          params: request.params as Readonly<Record<string, string>>,
        })
      } catch (error) {
        const refusal = refusalOf(error)
        if (isFailure(refusal)) this.#parts.failures.add()
        throw refusal
      }
    })
  }

  #declare(
    method: 'GET' | 'POST',
    path: string,
    schema: object,
    checks: readonly EntryCheck[],
    handler: (request: FastifyRequest, reply: FastifyReply) => unknown,
  ): void {
    const { app, prefix } = this.#parts
    const options: RouteOptions & UnknownOptions = {
      method,
      url: `${prefix}${path}`,
      // What plugins of the application add to the routes that it declares would tell these from an unknown path.
      exposeHeadRoute: false,
      compress: false,
      decompress: false,
      config: ROUTE_CONFIG,
      schema: { ...schema, hide: true } as FastifySchema,
      validatorCompiler: validator,
      serializerCompiler: () => JSON.stringify,
      onRequest: this.#enter(checks),
      preValidation: this.#turnAway,
      handler,
    }
    app.route(options)
  }

  #enter(checks: readonly EntryCheck[]): onRequestHookHandler {
    const { guard } = this.#parts
    const enter = async (request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
      const verdict = await guard.judge(request, reply)
      if (verdict === 'allowed') {
        reply.headers(SECURITY_HEADERS)
        for (const check of checks) await check(request)
      }
      if (verdict === 'stranger') countAsUnknown(request)
      return verdict !== 'answered'
    }
    return (request, reply, done) => {
      enter(request, reply).then((goesOn) => {
        if (goesOn) done()
      }, done)
    }
  }

  /** A stranger's request has gone the way of one for an unknown path so far, its body parsed; here it ends as such. */
  readonly #turnAway: preValidationHookHandler = (request, reply, done) => {
    if (this.#parts.guard.isAllowed(request)) {
      done()
      return
    }
    // As the router of unknown paths has it.
    request.params = { '*': decodedPath(request.url) }
    // `done` is not called: the application's answer ends the request.
    reply.callNotFound()
  }
}

/** Whether it is nobody's wrong request, and no limit that was reached. */
function isFailure(refusal: unknown): boolean {
  return !(refusal instanceof ServiceError) || refusal instanceof StoreAwayError
}

/** Answers what is unknown below the API to those who may know. @throws NotFoundError */
export function unknownPath(): never {
  throw new NotFoundError('The console has no such path')
}

/** By TypeBox, whatever compiler the application has chosen for its own schemas. */
const validator: FastifySchemaCompiler<FastifySchema> = ({ schema: given, httpPart }) => {
  const schema = given as TSchema
  return (sent: unknown) => {
    const value =
      httpPart === 'body' ? parsed(sent) : Value.Convert(schema, { ...(sent as object) })
    if (Value.Check(schema, value)) return { value }
    const found = Value.Errors(schema, value).First()
    const error = [{ instancePath: found?.path ?? '', message: found?.message ?? 'is not valid' }]
    return { error: error as never }
  }
}

/** The application may have a parser of its own for JSON, which leaves the text as it is. */
function parsed(body: unknown): unknown {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return body
  try {
    return JSON.parse(String(body))
  } catch {
    return undefined
  }
}

function decodedPath(url: string): string {
  const [path = ''] = url.replace(/^https?:\/\/.*?\//, '/').split(/[?#]/, 1)
  try {
    return decodeURIComponent(path.slice(1))
  } catch {
    return path.slice(1)
  }
}
