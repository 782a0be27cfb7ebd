import { keepRequestOfCalls, keepRequestOfConnects } from '@fastify-scs/core/kit'
import {
  type BeginQuery,
  type DriverMessage,
  endAll,
  listenToCalls,
  listenToSteps,
  type MessageReader,
} from './traced-calls.js'

const QUERY = 'mysql2:query'
const EXECUTE = 'mysql2:execute'
const POOL = 'mysql2:pool:connect'

const ASKED_AT: unique symbol = Symbol('@fastify-scs/query-log/asked-at')
type PoolMessage = DriverMessage & { [ASKED_AT]?: number }

/** Hears of the queries of mysql2, from 3.20 on, and of their wait for a connection of a pool. */
export function listenToMysql2(begin: BeginQuery): () => void {
  const pools = new PoolWaits(begin)
  const reader: MessageReader = {
    start: ({ query }) =>
      typeof query === 'string' ? { system: 'mysql', statement: query } : undefined,
    waitedMs: () => pools.takeWaitMs(),
    rows: rowsOf,
  }
  return endAll([
    keepRequestOfCalls(QUERY),
    keepRequestOfCalls(EXECUTE),
    keepRequestOfConnects(POOL),
    listenToCalls(QUERY, reader, begin),
    listenToCalls(EXECUTE, reader, begin),
    pools.listen(),
  ])
}

/** How long queries have waited for a connection: the pool asks for one, and starts the query in the turn in which it gets it. */
class PoolWaits {
  readonly #begin: BeginQuery
  #waitedMs: number | undefined

  constructor(begin: BeginQuery) {
    this.#begin = begin
  }

  /** The wait that has just ended, once: a connection that is kept for more queries has been waited for once. */
  takeWaitMs(): number | undefined {
    const waitedMs = this.#waitedMs
    this.#waitedMs = undefined
    return waitedMs
  }

  listen(): () => void {
    return listenToSteps(POOL, {
      start: (message: PoolMessage) => {
        message[ASKED_AT] = performance.now()
      },
      asyncStart: (message) => this.#got(message),
      asyncEnd: () => {
        this.#waitedMs = undefined
      },
    })
  }

  #got(message: PoolMessage): void {
    const askedAt = message[ASKED_AT]
    if (askedAt === undefined) return
    const waitedMs = performance.now() - askedAt
    const { error } = message
    if (error === undefined) this.#waitedMs = waitedMs
    // Its query is never begun, and the pool does not tell which one it would have been.
    else
      this.#begin({ system: 'mysql', statement: () => 'CONNECT' })?.end({
        error,
        durationMs: waitedMs,
      })
  }
}

/** Rows of one statement. Of several, and of rows that are lists, the result does not tell which it is. */
function rowsOf({ result }: DriverMessage): number | undefined {
  if (Array.isArray(result)) {
    const first: unknown = result[0]
    const isHeader = first?.constructor.name === 'ResultSetHeader'
    return Array.isArray(first) || isHeader ? undefined : result.length
  }
  return changedRowsOf(result)
}

function changedRowsOf(result: unknown): number | undefined {
  const rows = (result as { readonly affectedRows?: unknown } | null | undefined)?.affectedRows
  return typeof rows === 'number' ? rows : undefined
}
