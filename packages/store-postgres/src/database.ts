import { Socket } from 'node:net'
import pg from 'pg'
import type { ResolvedPostgresStoreOptions } from './options.js'
import type { Target } from './target.js'

/** A statement with its bound values. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

/** A statement of a piece, and the function that reads the rows that it returns. */
export interface Question extends Statement {
  read?(rows: readonly pg.QueryResultRow[]): void
}

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
  /** How long one may wait for a lock. @default statementMs; of one that only reads, as long as its statement may take */
  readonly lockMs?: number
  /** Whether it only reads, and sees the database as it was at one moment. @default false */
  readonly isReadOnly?: boolean
}

interface TimedQuery extends pg.QueryConfig<unknown[]> {
  /** The driver's limit, which its types do not know. */
  readonly query_timeout: number
}

/** As a session's `run`; a statement that is sent behind others gets `turns` times the driver's limit. @default 1 */
type TimedRun = <Row extends pg.QueryResultRow>(
  text: string,
  values?: readonly unknown[],
  turns?: number,
) => Promise<pg.QueryResult<Row>>

/** How much later than the server's own limit the driver ends the connection, in milliseconds. */
const GRACE_MS = 1_000

/** How long `close` waits for statements that still run, in milliseconds. */
const CLOSE_MS = 3_000

/** Runs transactions over a few connections; nothing outlives a transaction, so that PgBouncer may stand between. */
export class Database {
  readonly #pool: pg.Pool
  readonly #sockets = new Set<Socket>()
  #closing: Promise<void> | undefined
  #busyMs = 0

  constructor(target: Target, options: ResolvedPostgresStoreOptions) {
    this.#pool = new pg.Pool({
      connectionString: target.connectionString,
      fallback_application_name: 'fastify-scs',
      max: options.poolSize,
      connectionTimeoutMillis: options.connectTimeoutMs,
      keepAlive: true,
      pipeline: true,
      allowExitOnIdle: true,
      stream: () => this.#openSocket(),
    })
    // A connection that breaks while nothing runs on it is replaced; a statement that runs on one is rejected.
    const ignore = () => {}
    this.#pool.on('error', ignore)
    this.#pool.on('connect', (client) => client.on('error', ignore))
  }

  /**
   * How long connections have waited for answers to their statements, in milliseconds, each connection on its own. The server works in
   * this time or waits itself, for a lock or a disk; the network's time and, while this process is busy, some of its own are in it.
   */
  get busyMs(): number {
    return this.#busyMs
  }

  /**
   * Runs one transaction; it is rolled back when `work` rejects.
   *
   * Each statement is limited twice: by the server's own time-outs, and by the driver for a server that does not answer.
   */
  async transaction<Result>(
    limits: TransactionLimits,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    return this.#onClient(limits, async (run) => {
      await run(beginning(limits))
      const result = await work({ run: (text, values) => run(text, values) })
      await run('COMMIT')
      return result
    })
  }

  /**
   * Runs statements as one transaction that is sent in one piece, for one round trip. Throws the first of several failures; after
   * any the server commits nothing.
   */
  async sendTransaction(
    limits: TransactionLimits,
    statements: readonly Statement[],
  ): Promise<void> {
    await this.#onClient(limits, (run) =>
      sendPiece(run, [{ text: beginning(limits), values: [] }, ...statements, COMMIT]),
    )
  }

  /**
   * As `sendTransaction`, in two pieces, for two round trips: the second one depends on the answers to the first.
   */
  async sendInTwo(
    limits: TransactionLimits,
    first: readonly Question[],
    second: () => readonly Question[],
  ): Promise<void> {
    await this.#onClient(limits, async (run) => {
      await sendPiece(run, [{ text: beginning(limits), values: [] }, ...first])
      await sendPiece(run, [...second(), COMMIT])
    })
  }

  async #onClient<Result>(
    { statementMs }: TransactionLimits,
    send: (run: TimedRun) => Promise<Result>,
  ): Promise<Result> {
    const client = await this.#pool.connect()
    let unanswered = 0
    let began = 0
    const run: TimedRun = async (text, values = [], turns = 1) => {
      const timeout = statementMs * turns + GRACE_MS
      const query: TimedQuery = { text, values: [...values], query_timeout: timeout }
      if (unanswered++ === 0) began = performance.now()
      try {
        return await client.query(query)
      } finally {
        if (--unanswered === 0) this.#busyMs += performance.now() - began
      }
    }
    try {
      const result = await send(run)
      client.release()
      return result
    } catch (error) {
      // The roll-back is queued behind statements under way: the connection is released when all of them are answered.
      await giveBack(client, run, error)
      throw error
    }
  }

  /** Ends all connections; those that still run a statement, or do not hang up, have 3 seconds, or less if that is said. */
  close(withinMs: number = CLOSE_MS): Promise<void> {
    this.#closing ??= this.#end(Math.min(withinMs, CLOSE_MS))
    return this.#closing
  }

  async #end(withinMs: number): Promise<void> {
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy()
    }, withinMs)
    try {
      await this.#pool.end()
      // The pool does not wait until the server closes the connection, and until then the process would not end.
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

const COMMIT: Statement = { text: 'COMMIT', values: [] }

/** Sends statements without waiting in between; each has its own time, and that of those before it. */
async function sendPiece(run: TimedRun, questions: readonly Question[]): Promise<void> {
  const answers = await Promise.all(
    questions.map(({ text, values }, index) => run(text, values, index + 1)),
  )
  for (const [index, { rows }] of answers.entries()) questions[index]?.read?.(rows)
}

/** The limits are no start-up parameters, which PgBouncer refuses; together, so that they cost one round trip. */
function beginning({
  statementMs,
  isReadOnly = false,
  lockMs = isReadOnly ? 0 : statementMs,
}: TransactionLimits): string {
  // Compiling a query takes longer than running any of these.
  const mode = isReadOnly ? 'ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL jit = off' : ''
  return `BEGIN ${mode}; SET LOCAL statement_timeout = ${statementMs}; SET LOCAL lock_timeout = ${lockMs};
    SET LOCAL idle_in_transaction_session_timeout = 0`
}

/** Rolls back on a connection whose server answered; any other connection is of no more use. */
async function giveBack(client: pg.PoolClient, run: Session['run'], error: unknown): Promise<void> {
  const isAnswer = error instanceof pg.DatabaseError && error.severity === 'ERROR'
  if (!isAnswer) return client.release(true)
  try {
    await run('ROLLBACK')
    client.release()
  } catch {
    // The first failure is thrown; the server rolls back when the connection ends.
    client.release(true)
  }
}

/**
 * Whether a table exists now. Not by to_regclass, which may answer as of before the transaction waited for an advisory lock, while
 * another instance made the table.
 */
export async function isThere(session: Session, schema: string, table: string): Promise<boolean> {
  const { rowCount } = await session.run(
    `SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = $1 AND relname = $2`,
    [schema, table],
  )
  return rowCount === 1
}
