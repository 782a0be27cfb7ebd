import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import type { ErrorFormatName, ErrorFormatter } from './answer/error-format.js'
import type { Failure } from './errors/failure.js'
import { OptionsError } from './errors.js'
import { checkOptions } from './kit/options.js'
import { type SinkOptions, sinkSchema, withoutClosedSinks } from './log/sink-options.js'
import type { RedactOptions } from './redact/redactor.js'
import { redactSchema } from './redact-schema.js'

/** Sees the body of every error answer and returns the one to send; changing it in place is enough. */
export type ErrorDecorator = (body: ErrorBody, error: Failure, request: FastifyRequest) => unknown

/** An error body as a decorator sees it. */
export type ErrorBody = Record<string, unknown>

/** Finds who makes a request; null or undefined when nobody is known. */
export type UserResolver = (request: FastifyRequest) => string | number | null | undefined

/** Options of the core plugin. */
export interface ScsOptions {
  /** `source` of every audit line: the service's name. @default 'app' */
  readonly source?: string
  /** The form of error answers, or a function that makes the body. @default 'scs' */
  readonly errorFormat?: ErrorFormatName | ErrorFormatter
  /** Sees the body of every error answer and returns the one to send. From PyMacaron's `error_decorator`. */
  readonly errorDecorator?: ErrorDecorator
  /**
   * Names of headers that an error may set by its own `headers`, beside the built-in list (`www-authenticate`,
   * `proxy-authenticate`, `retry-after`, `allow`, `ratelimit-*`, `x-ratelimit-*`); a `*` at the end stands for any ending.
   */
  readonly errorHeaders?: readonly string[]
  /** Whether an error that another service gave to us keeps its status, text and allowed headers, instead of 502. @default false */
  readonly trustForeignStatus?: boolean
  /**
   * Whether an Error model that a handler returns or sends is answered as the error it tells of, with its status and in the
   * chosen format. A route says otherwise by `config: { returnedErrors: false }`. @default true
   */
  readonly returnedErrors?: boolean
  /** Whether a known path with another method is a 405 with `Allow` and not an unknown route. @default true */
  readonly methodNotAllowed?: boolean
  /** Who makes a request. @default request.user if a string, or its id, or its sub */
  readonly user?: UserResolver
  /** Where the audit log goes, or false for nowhere. @default { stdout: { level: 'info' } } */
  readonly audit?: SinkOptions | false
  /** What is redacted beside the built-in lists. */
  readonly redact?: RedactOptions
  /** Whether `currentRequest()` works; costs an asynchronous context for each request. @default false */
  readonly context?: boolean
}

/** The options with their defaults. */
export interface ResolvedScsOptions {
  readonly source: string
  readonly errorFormat: ErrorFormatName | ErrorFormatter
  readonly errorDecorator: ErrorDecorator | undefined
  readonly errorHeaders: readonly string[]
  readonly trustForeignStatus: boolean
  readonly returnedErrors: boolean
  readonly methodNotAllowed: boolean
  readonly user: UserResolver
  readonly audit: SinkOptions | false
  readonly redact: RedactOptions
  readonly context: boolean
}

const text = Type.String({ minLength: 1, description: 'a non-empty string' })

/** A token of RFC 9110, 5.6.2; a star is one of its characters. */
const HEADER_NAME = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"

const optionsSchema = Type.Object(
  {
    source: Type.Optional(text),
    errorFormat: Type.Optional(
      Type.Unsafe<ErrorFormatName | ErrorFormatter>(
        Type.Union(
          [
            Type.Literal('scs'),
            Type.Literal('pymacaron'),
            Type.Literal('problem'),
            Type.Function([], Type.Unknown()),
          ],
          { description: "'scs', 'pymacaron', 'problem' or a function" },
        ),
      ),
    ),
    errorDecorator: Type.Optional(functionOf<ErrorDecorator>()),
    errorHeaders: Type.Optional(
      Type.Unsafe<readonly string[]>(
        Type.Array(Type.String({ pattern: HEADER_NAME, description: 'the name of a header' }), {
          description: 'a list of names of headers',
        }),
      ),
    ),
    trustForeignStatus: Type.Optional(Type.Boolean({ description: 'true or false' })),
    returnedErrors: Type.Optional(Type.Boolean({ description: 'true or false' })),
    methodNotAllowed: Type.Optional(Type.Boolean({ description: 'true or false' })),
    user: Type.Optional(functionOf<UserResolver>()),
    audit: Type.Optional(sinkSchema),
    redact: Type.Optional(redactSchema),
    context: Type.Optional(Type.Boolean({ description: 'true or false' })),
  },
  { additionalProperties: false },
)

function functionOf<F>(): ReturnType<typeof Type.Unsafe<F>> {
  return Type.Unsafe<F>(Type.Function([], Type.Unknown(), { description: 'a function' }))
}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_ERR_OPTIONS
 */
export function resolveOptions(options: ScsOptions): ResolvedScsOptions {
  const { audit, ...rest } = options
  const open = audit === undefined || audit === false ? {} : { audit: withoutClosedSinks(audit) }
  checkOptions(optionsSchema, { ...rest, ...open }, (...details) => new OptionsError(...details))
  return {
    source: options.source ?? 'app',
    errorFormat: options.errorFormat ?? 'scs',
    errorDecorator: options.errorDecorator,
    errorHeaders: options.errorHeaders ?? [],
    trustForeignStatus: options.trustForeignStatus ?? false,
    returnedErrors: options.returnedErrors ?? true,
    methodNotAllowed: options.methodNotAllowed ?? true,
    user: options.user ?? defaultUser,
    audit: audit ?? {},
    redact: options.redact ?? {},
    context: options.context ?? false,
  }
}

/** The `user` that authentication plugins put on a request: a string, or an object with an `id` or a `sub`. */
export function defaultUser(request: FastifyRequest): string | number | undefined {
  const { user } = request as { user?: unknown }
  if (isName(user)) return user
  if (typeof user !== 'object' || user === null) return undefined
  const { id, sub } = user as { id?: unknown; sub?: unknown }
  if (isName(id)) return id
  return isName(sub) ? sub : undefined
}

function isName(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
