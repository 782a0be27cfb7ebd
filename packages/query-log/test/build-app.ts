import scsPlugin, { type JsonValue } from '@fastify-scs/core'
import queryLog, { type QueriesFact, type QueryLogOptions } from '@fastify-scs/query-log'
import Fastify, {
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify'
import { onTestFinished } from 'vitest'
import type { ObservedQuery, QueryStart } from '../src/observed-query.js'
import { beginQuery } from '../src/request-queries.js'

/** One line of the application log. */
export type Line = Record<string, unknown> & { level: number; msg: string }

/** An app with core and query-log, and its log. */
export interface TestApp {
  readonly app: FastifyInstance
  readonly log: Line[]
}

/** Builds an app; routes can still be added. It is closed when the test is over. */
export async function buildApp(
  options: QueryLogOptions = {},
  server: FastifyServerOptions = {},
): Promise<TestApp> {
  const log: Line[] = []
  const stream = { write: (line: string) => void log.push(JSON.parse(line) as Line) }
  const app = Fastify({ logger: { level: 'trace', stream }, ...server })
  await app.register(scsPlugin, { source: 'test', audit: false })
  await app.register(queryLog, options)
  onTestFinished(() => app.close())
  return { app, log }
}

/** The fact `queries` of a request, as reports get it. */
export function factOf(request: FastifyRequest): QueriesFact | undefined {
  const { queries }: Record<string, JsonValue> = request.server.scs.requestFacts.of(request)
  return queries as QueriesFact | undefined
}

/** Begins a query of PostgreSQL in the request of the running code. */
export function begin(
  statement: QueryStart['statement'],
  system = 'postgresql',
): ObservedQuery | undefined {
  return beginQuery({ system, statement })
}

/** Runs a query that takes a while. */
export async function run(statement: string, ms = 1): Promise<void> {
  const query = begin(statement)
  await new Promise((resolve) => setTimeout(resolve, ms))
  query?.end({ rows: 1 })
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
