import {
  functionOf,
  type Given,
  nonEmptyText,
  optionsObject,
  orFalse,
  type Resolved,
  resolveOptions as resolve,
  show,
  wholeNumber,
  withDefault,
} from '@fastify-scs/core/kit'
import { Type } from '@sinclair/typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AuthorizeError, OptionsError } from './errors.js'

/**
 * Says whether a client may see the console. Only `true` is yes. It may answer by itself, such as with a challenge, and return the
 * reply; what it throws is logged and counts as no.
 */
export type Authorize = (request: FastifyRequest, reply: FastifyReply) => unknown

/** Says whether a client that may see the console may change something. Only `true` is yes; what it throws is logged and counts as no. */
export type AuthorizeChange = (request: FastifyRequest) => unknown

const SEGMENTS = '^(/[A-Za-z0-9_~.-]*[A-Za-z0-9_~-])+$'
const DAY_MS = 86_400_000

/** Calls of the API that one client may make in a window. */
export const DEFAULT_MAX_CALLS = 600
/** Milliseconds. */
export const DEFAULT_WINDOW_MS = 60_000

const schema = optionsObject({
  /** Where the console is, below the prefix of its context: `/_scs`. @default '/_scs' */
  prefix: withDefault(
    Type.String({
      pattern: SEGMENTS,
      description: "a path such as '/_scs', of letters, digits and - _ . ~",
    }),
    '/_scs',
  ),
  /** Who may see the console; everybody else gets the application's own 404. */
  authorize: functionOf<Authorize>(),
  /** Who may change something there. @default nobody */
  authorizeChange: Type.Optional(functionOf<AuthorizeChange>()),
  /** Queries of the store that run at a time, of all clients together. @default 2 */
  maxConcurrentQueries: withDefault(wholeNumber(1, 100), 2),
  /** Queries that wait for their turn; further ones are refused with 503. @default 50 */
  maxWaitingQueries: withDefault(wholeNumber(0, 10_000), 50),
  /** How long a query waits for its turn, in milliseconds; then it is refused with 503. @default 5_000 */
  maxQueryWaitMs: withDefault(wholeNumber(1, 60_000), 5_000),
  /** Calls of the API that one client, by its address, may make in a span of time; false for any number. @default 600 a minute */
  rateLimit: withDefault(
    orFalse(
      optionsObject({
        max: withDefault(wholeNumber(1, 1_000_000), DEFAULT_MAX_CALLS),
        windowMs: withDefault(wholeNumber(100, DAY_MS), DEFAULT_WINDOW_MS),
      }),
    ),
    {},
  ),
  /** The folder of the page's files, for an application that is bundled: a URL, or a path. @default this package's */
  pageFolder: Type.Optional(
    Type.Union([nonEmptyText(), Type.Unsafe<URL>(Type.Object({ href: Type.String() }))], {
      description: 'a URL, or the path of a folder',
    }),
  ),
  /** Clients that may follow the live tail at a time. @default 50 */
  maxLiveClients: withDefault(wholeNumber(0, 10_000), 50),
})

/** Options of the console. */
export interface ConsoleOptions extends Given<typeof schema> {}

/** The options with their defaults. */
export interface ResolvedOptions extends Resolved<typeof schema> {}

/**
 * Checks the options and fills the defaults in.
 *
 * @throws SCS_CONSOLE_ERR_AUTHORIZE, SCS_CONSOLE_ERR_OPTIONS
 */
export function resolveOptions(options: ConsoleOptions): ResolvedOptions {
  if (typeof (options as Partial<ConsoleOptions>).authorize !== 'function')
    throw new AuthorizeError()
  const resolved = resolve(schema, options, (...details) => new OptionsError(...details))
  // The kit leaves the prefix to Fastify, which has none for a plugin that shares its context.
  if (new RegExp(SEGMENTS).test(resolved.prefix)) return resolved
  throw new OptionsError(
    'prefix',
    schema.properties.prefix.description ?? '',
    show(resolved.prefix),
  )
}
