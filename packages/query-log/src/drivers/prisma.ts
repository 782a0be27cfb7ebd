import { NotObservableError } from '../errors.js'
import { beginQuery } from '../request-queries.js'
import { providerOf, tellsOfQueries } from './compat-prisma.js'

/** What is asked of a `PrismaClient`. */
export interface ObservablePrisma {
  // Only its name: what it takes depends on the options of the client.
  $on: unknown
}

interface QueryEvent {
  readonly query: string
  readonly duration: number
}

type On = (event: 'query', listener: (event: QueryEvent) => void) => unknown

const OBSERVED: unique symbol = Symbol('@fastify-scs/query-log/observed')

/** The names that OpenTelemetry has, where Prisma has others. */
const SYSTEMS: Readonly<Record<string, string>> = { sqlserver: 'microsoft.sql_server' }

/**
 * Notes the queries that a `PrismaClient` tells of by its event `query`: statement and duration, for the request that asked. Returns the same
 * client. Prisma tells of no query that fails, and of no rows; over `@prisma/adapter-pg`, `observePg` of the adapter's pool knows these
 * too. Use one of the two: each query is noted by both.
 *
 * @throws SCS_QUERY_LOG_ERR_NOT_OBSERVABLE for anything else, and for a client without `log: [{ emit: 'event', level: 'query' }]`
 */
export function observePrisma<Observable extends ObservablePrisma>(client: Observable): Observable {
  const found = client as { $on?: unknown; [OBSERVED]?: true } | null | undefined
  if (typeof found?.$on !== 'function' || !tellsOfQueries(found)) {
    throw new NotObservableError(
      'observePrisma',
      "a PrismaClient with log: [{ emit: 'event', level: 'query' }]",
      Object(client) === client ? 'another object or other options' : String(client),
    )
  }
  if (found[OBSERVED]) return client
  Object.defineProperty(found, OBSERVED, { value: true })
  const provider = providerOf(found)
  const system = SYSTEMS[provider] ?? provider
  ;(found.$on as On).call(found, 'query', ({ query, duration }) => {
    beginQuery({ system, statement: query })?.end({ durationMs: duration })
  })
  return client
}
