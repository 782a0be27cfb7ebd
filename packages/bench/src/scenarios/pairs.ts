import type { Side } from '../measure/side.js'
import type { Scenario } from './scenario.js'

/** A pair of variants of one program in `servers/`. */
interface PairDefinition {
  readonly name: string
  /** What the ratio says, in one line. */
  readonly measures: string
  readonly server:
    | 'works'
    | 'expected-error'
    | 'crashes'
    | 'audit-event'
    | 'collected'
    | 'breadcrumbs'
  readonly a: string
  readonly b: string
  readonly status: number
  /** @default true */
  readonly sameBody?: boolean
}

const DEFINITIONS: readonly PairDefinition[] = [
  {
    name: 'happy-path',
    measures: 'Bare Fastify against Fastify with core, one small JSON answer',
    server: 'works',
    a: 'bare',
    b: 'core',
    status: 200,
  },
  {
    name: 'expected-error',
    measures: 'A constant string against a thrown registered error, the same 429',
    server: 'expected-error',
    a: 'constant',
    b: 'throw',
    status: 429,
  },
  {
    name: 'expected-error-async',
    measures: 'A constant string against a thrown registered error, async handlers on both sides',
    server: 'expected-error',
    a: 'constant-async',
    b: 'throw-async',
    status: 429,
  },
  {
    name: 'abort',
    measures: 'A constant string against abort(429, { id }), the same 429',
    server: 'expected-error',
    a: 'constant',
    b: 'abort',
    status: 429,
  },
  {
    name: 'service-error',
    measures: 'A constant string against a thrown ServiceError class, the same 401',
    server: 'expected-error',
    a: 'constant-401',
    b: 'throw-service-error',
    status: 401,
  },
  {
    name: 'expected-error-vs-fastify-default',
    measures: "A @fastify/error with Fastify's default handler against a registered error",
    server: 'expected-error',
    a: 'fastify-default',
    b: 'throw',
    status: 429,
    sameBody: false,
  },
  {
    name: 'audit-event',
    measures: 'A request without against one with an audit event written to a file',
    server: 'audit-event',
    a: 'without',
    b: 'with',
    status: 200,
  },
  {
    name: 'breadcrumbs',
    measures: 'Core with the log on, without against with breadcrumbs, handlers that log nothing',
    server: 'breadcrumbs',
    a: 'nothing-without',
    b: 'nothing',
    status: 200,
  },
  {
    name: 'breadcrumbs-three-lines',
    measures: 'Core with the log on, without against with breadcrumbs, handlers that log 3 lines',
    server: 'breadcrumbs',
    a: 'three-lines-without',
    b: 'three-lines',
    status: 200,
  },
  {
    name: 'error-reporter-suppressed',
    measures: "A crash with Fastify's default handler against one that the reporter only counts",
    server: 'crashes',
    a: 'fastify-default',
    b: 'suppressed',
    status: 500,
    sameBody: false,
  },
  {
    name: 'error-reporter-reported',
    measures: "A crash with Fastify's default handler against one that is reported each time",
    server: 'crashes',
    a: 'fastify-default',
    b: 'reported',
    status: 500,
    sameBody: false,
  },
  {
    name: 'error-reporter-code',
    measures: 'A crash that is reported each time, without against with the lines of its code',
    server: 'crashes',
    a: 'reported without code',
    b: 'reported',
    status: 500,
    sameBody: false,
  },
  {
    name: 'error-reporter-added',
    measures: 'A crash with core against one that the error reporter only counts',
    server: 'crashes',
    a: 'core',
    b: 'suppressed',
    status: 500,
    sameBody: false,
  },
  {
    name: 'error-reporter-happy-path',
    measures: 'Core against core with the error reporter, one small JSON answer',
    server: 'works',
    a: 'core',
    b: 'error-reporter',
    status: 200,
  },
  {
    name: 'slow-call-happy-path',
    measures: 'Bare Fastify against Fastify with core and slow-call, one small JSON answer',
    server: 'works',
    a: 'bare',
    b: 'slow-call',
    status: 200,
  },
  {
    name: 'query-log-happy-path',
    measures: 'Core with a context against the same with query-log, a request without a query',
    server: 'works',
    a: 'core-context',
    b: 'query-log',
    status: 200,
  },
  {
    name: 'blocked-watch-happy-path',
    measures: 'slow-call with blockedAfterMs: false against its default, one small JSON answer',
    server: 'works',
    a: 'slow-call-unwatched',
    b: 'slow-call',
    status: 200,
  },
  {
    name: 'three-plugins',
    measures: 'Bare Fastify against core + error-reporter + slow-call, one small JSON answer',
    server: 'works',
    a: 'bare',
    b: 'three',
    status: 200,
  },
  {
    name: 'console-happy-path',
    measures:
      'All plugins with a SQLite store against the same with the console, a request to another route',
    server: 'works',
    a: 'all-sqlite',
    b: 'all-console',
    status: 200,
  },
  {
    name: 'after-collection',
    measures:
      'Bare Fastify against core, both after a collection of garbage before the first request',
    server: 'collected',
    a: 'bare',
    b: 'core',
    status: 200,
  },
]

/** Every pair of servers: two variants of one program, compared as b / a. */
export const pairScenarios: readonly Scenario[] = DEFINITIONS.map(
  ({ name, measures, server, a, b, status, sameBody = true }) => {
    const module = new URL(`../servers/${server}.js`, import.meta.url)
    const side = (variant: string): Side => ({
      module,
      variant,
      request: { method: 'GET', path: '/' },
      expectedStatus: status,
    })
    return { name, measures, sameBody, a: side(a), b: side(b) }
  },
)
