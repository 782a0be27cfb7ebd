import { Socket } from 'node:net'
import pg from 'pg'
import type { PostgresStoreOptions } from './options.js'
import type { Target } from './target.js'

/** Runs statements of one transaction. */
export interface Session {
  /** Runs one statement with bound values. */
  run<Row extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>
}

/** How long the statements of a transaction may take, each, in milliseconds. */
export interface TransactionLimits {
  readonly statementMs: number
  /** How long one may wait for a lock. @default statementMs */
  readonly lockMs?: number
}

interface TimedQuery extends pg.QueryConfig<unknown[]> {
  /** The driver's limit, which its types do not know. */
  readonly query_timeout: number
}

/** What the server's own limit is given before the driver's ends the connection, in milliseconds. */
const GRACE_MS = 1_000

/** How long `close` waits for statements that still run, in milliseconds. */
const CLOSE_MS = 3_000

/** A database 14 or newer, by few connections; nothing outlives a transaction, so that PgBouncer may stand between. */
export class Database {
  readonly #pool: pg.Pool
  readonly #sockets = new Set<Socket>()
  #closing: Promise<void> | undefined

  constructor(target: Target, options: Required<PostgresStoreOptions>) {
    this.#pool = new pg.Pool({
      connectionString: target.connectionString,
      fallback_application_name: 'fastify-scs',
      max: options.poolSize,
      connectionTimeoutMillis: options.connectTimeoutMs,
      keepAlive: true,
      allowExitOnIdle: true,
      stream: () => this.#openSocket(),
    })
    // A connection that breaks while nothing runs on it is replaced; what runs on one is told by its own rejection.
    const ignore = () => {}
    this.#pool.on('error', ignore)
    this.#pool.on('connect', (client) => client.on('error', ignore))
  }

  /**
   * Runs one transaction; it is rolled back when `work` rejects.
   *
   * Both ends limit each statement: the server by its own time-outs, the driver for a server that does not answer.
   */
  async transaction<Result>(
    limits: TransactionLimits,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    const { statementMs, lockMs = statementMs } = limits
    const client = await this.#pool.connect()
    const run: Session['run'] = (text, values = []) => {
      const query: TimedQuery = { text, values: [...values], query_timeout: statementMs + GRACE_MS }
      return client.query(query)
    }
    try {
      // Not a start-up parameter, which PgBouncer refuses; together, so that it costs one round trip.
      const timeouts = `SET LOCAL statement_timeout = ${statementMs}; SET LOCAL lock_timeout = ${lockMs}`
      await run(`BEGIN; ${timeouts}; SET LOCAL idle_in_transaction_session_timeout = 0`)
      const result = await work({ run })
      await run('COMMIT')
      client.release()
      return result
    } catch (error) {
      await giveBack(client, run, error)
      throw error
    }
  }

  /** Ends all connections; those that still run a statement, or do not hang up, have 3 seconds. */
  close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  async #end(): Promise<void> {
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy()
    }, CLOSE_MS)
    try {
      await this.#pool.end()
      // The pool does not wait for the other side to hang up, and until then the process would not end.
      const open = [...this.#sockets]
      await Promise.all(
        open.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
      )
    } finally {
      clearTimeout(cut)
    }
  }

  #openSocket(): Socket {
    const socket = new Socket()
    this.#sockets.add(socket)
    return socket.once('close', () => this.#sockets.delete(socket))
  }
}

/** Rolls back on a connection whose server answered; any other connection is of no more use. */
async function giveBack(client: pg.PoolClient, run: Session['run'], error: unknown): Promise<void> {
  const isAnswer = error instanceof pg.DatabaseError && error.severity === 'ERROR'
  if (!isAnswer) return client.release(true)
  try {
    await run('ROLLBACK')
    client.release()
  } catch {
    // The first failure is the one to tell; the server rolls back when the connection ends.
    client.release(true)
  }
}
