import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { ErrorFormatter } from './answer/error-format.js'
import type { Failure } from './errors/failure.js'
import { OptionsError } from './errors.js'
import {
  functionOf,
  type Given,
  listOf,
  nonEmptyText,
  optionsObject,
  orFalse,
  type Resolved,
  resolveOptions as resolve,
  trueOrFalse,
  withDefault,
} from './kit/options.js'
import { sinkSchema } from './log/sink-options.js'
import { redactSchema } from './redact/redact-options.js'
import { defaultUser, type UserResolver } from './request/user.js'

/** Sees the body of every error answer and returns the one to send; changing it in place is enough. */
export type ErrorDecorator = (body: ErrorBody, error: Failure, request: FastifyRequest) => unknown

/** An error body as a decorator sees it. */
export type ErrorBody = Record<string, unknown>

const formats = [
  Type.Literal('scs'),
  Type.Literal('pymacaron'),
  Type.Literal('problem'),
  functionOf<ErrorFormatter>(),
]

/** A token of RFC 9110, 5.6.2; a star is one of its characters. */
const HEADER_NAME = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"
const headerName = Type.String({ pattern: HEADER_NAME, description: 'the name of a header' })

const jsonSchema = Type.Unsafe<Readonly<Record<string, unknown>>>(
  Type.Record(Type.String(), Type.Unknown(), { description: 'a JSON Schema, as an object' }),
)

const optionsSchema = optionsObject({
  /** `source` of every audit line: the service's name. @default 'app' */
  source: withDefault(nonEmptyText(), 'app'),
  /** The form of error answers, or a function that makes the body. @default 'scs' */
  errorFormat: withDefault(
    Type.Union(formats, { description: "'scs', 'pymacaron', 'problem' or a function" }),
    'scs',
  ),
  /** Sees the body of every error answer and returns the one to send. From PyMacaron's `error_decorator`. */
  errorDecorator: Type.Optional(functionOf<ErrorDecorator>()),
  /** The JSON Schema of error bodies, for OpenAPI, where `errorFormat` is a function or there is an `errorDecorator`. */
  errorSchema: Type.Optional(jsonSchema),
  /** The decorators of @fastify/swagger whose documents get the errors of the routes, or false for none. @default { decorators: ['swagger'] } */
  openapi: withDefault(
    orFalse(
      optionsObject({
        /** The names that @fastify/swagger was given by its option `decorator`. @default ['swagger'] */
        decorators: withDefault(listOf(nonEmptyText(), 'a list of names of decorators'), [
          'swagger',
        ]),
      }),
    ),
    {},
  ),
  /**
   * Where a page for each error is, to which the `type` of the problem format then leads, or false for none. The pages are public.
   *
   * @default false
   */
  errorPages: Type.Optional(
    orFalse(
      optionsObject({
        /** The path of the pages: `/errors`. */
        prefix: Type.String({
          pattern: '^(/[\\w.~-]+)+$',
          description: "a path such as '/errors'",
        }),
        /** What stands before the path in a `type`: `https://api.example.com`, with the path that a proxy takes off, if one does. @default nothing, and `type` is relative to the request's address */
        origin: Type.Optional(
          Type.String({
            pattern: '^https?://[^/?#\\s]+(/[\\w.~-]+)*$',
            description: "an origin such as 'https://api.example.com'",
          }),
        ),
      }),
    ),
  ),
  /**
   * For tests: whether a route that answers with an error which it does not declare by `throws` is answered with 500 and
   * `SCS_ERR_THROWS_UNDECLARED`. @default false
   */
  enforceThrows: withDefault(trueOrFalse(), false),
  /**
   * Names of headers that an error may set by its own `headers`, beside the built-in list (`www-authenticate`,
   * `proxy-authenticate`, `retry-after`, `allow`, `ratelimit-*`, `x-ratelimit-*`); a `*` at the end stands for any ending.
   */
  errorHeaders: withDefault(listOf(headerName, 'a list of names of headers'), []),
  /** Whether an error that came from another service keeps its status, text and allowed headers, instead of 502. @default false */
  trustForeignStatus: withDefault(trueOrFalse(), false),
  /**
   * Whether an Error model that a handler returns or sends is answered as the error that it describes, with its status and in the
   * chosen format. A route says otherwise by `config: { returnedErrors: false }`. @default true
   */
  returnedErrors: withDefault(trueOrFalse(), true),
  /** Whether a known path with another method is a 405 with `Allow` and not an unknown route. @default true */
  methodNotAllowed: withDefault(trueOrFalse(), true),
  /**
   * Whether a route that was declared before core is an error when the app gets ready, and not only a warning: Fastify's own error
   * handler answers its errors, with their text. @default false
   */
  strictOrder: withDefault(trueOrFalse(), false),
  /** Who makes a request. @default request.user if a string, or its id, or its sub */
  user: withDefault(functionOf<UserResolver>(), defaultUser),
  /** Where the audit log goes, or false for nowhere. @default { stdout: { level: 'info' } } */
  audit: withDefault(orFalse(sinkSchema), {}),
  /** What is redacted besides the built-in lists. */
  redact: Type.Optional(redactSchema),
  /** Whether `currentRequest()` works; costs an asynchronous context for each request. @default false */
  context: withDefault(trueOrFalse(), false),
  /**
   * Whether reports and `request.timeline()` have the last 20 lines that the request has logged: level and message, redacted. Needs pino, which is
   * Fastify's own logger. @default true
   */
  breadcrumbs: withDefault(trueOrFalse(), true),
})

/** Options of the core plugin. */
export interface ScsOptions extends Given<typeof optionsSchema> {}

/** The options with their defaults. */
export interface ResolvedScsOptions extends Resolved<typeof optionsSchema> {}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_ERR_OPTIONS
 */
export function resolveOptions(options: ScsOptions): ResolvedScsOptions {
  return resolve(optionsSchema, options, (...details) => new OptionsError(...details))
}
