import { createRequire } from 'node:module'

// By `require`, for all alike: OpenTelemetry finds pg in this way without a loader of its own.
const require = createRequire(import.meta.url)

/** The statement of every query: four rows by an indexed key. */
const LINES = 'SELECT order_id, article, amount FROM order_lines WHERE order_id = '

/** Rows that each query finds. */
export const ROWS_OF_ORDER = 4

/** The table that is read. */
export const TABLE = `
  CREATE TABLE order_lines (order_id INTEGER NOT NULL, article TEXT NOT NULL, amount INTEGER NOT NULL);
  CREATE INDEX lines_of_order ON order_lines (order_id);
`

/** Orders of the table. */
export const ORDERS = 200

/** A database as a program asks it, in the way of one driver. */
export interface Database {
  /** How many rows an order has; read by the driver's own query method. */
  rowsOf(order: number): number | Promise<number>
  close(): unknown
}

/** Opens a database at a URL; each observes it when it is told to. */
export type OpenDatabase = (url: string, isObserved: boolean) => Promise<Database>

const pg: OpenDatabase = async (url, isObserved) => {
  const { Pool } = require('pg') as typeof import('pg')
  const pool = new Pool({ connectionString: url, max: 8 })
  if (isObserved) (await import('@fastify-scs/query-log')).observePg(pool)
  return {
    rowsOf: async (order) => (await pool.query(`${LINES}$1`, [order])).rows.length,
    close: () => pool.end(),
  }
}

const betterSqlite3: OpenDatabase = async (_url, isObserved) => {
  const BetterSqlite3 = require('better-sqlite3') as typeof import('better-sqlite3')
  const database = new BetterSqlite3(':memory:')
  if (isObserved) (await import('@fastify-scs/query-log')).observeBetterSqlite(database)
  database.exec(TABLE)
  const insert = database.prepare('INSERT INTO order_lines VALUES (?, ?, ?)')
  for (let row = 0; row < ORDERS * ROWS_OF_ORDER; row += 1)
    insert.run(row % ORDERS, `article ${row}`, 1)
  const first = database.prepare(`${LINES}?`)
  return {
    // One row of them, by `get`: the driver's quickest query.
    rowsOf: (order) => (first.get(order) === undefined ? 0 : ROWS_OF_ORDER),
    close: () => database.close(),
  }
}

/** By `query` or by `execute`, which prepares the statement once for each connection. */
function mysql2(method: 'query' | 'execute'): OpenDatabase {
  const text = `${LINES}?`
  return async (url) => {
    const { createPool } = require('mysql2/promise') as typeof import('mysql2/promise')
    const pool = createPool({ uri: url, connectionLimit: 8 })
    return {
      rowsOf: async (order) => {
        const ask = method === 'query' ? pool.query(text, [order]) : pool.execute(text, [order])
        const [rows] = await ask
        return Array.isArray(rows) ? rows.length : 0
      },
      close: () => pool.end(),
    }
  }
}

const ioredis: OpenDatabase = async (url, isObserved) => {
  const { Redis } = require('ioredis') as typeof import('ioredis')
  const client = new Redis(url)
  if (isObserved) (await import('@fastify-scs/query-log')).observeIoredis(client)
  // By its channels, what waits for the connection is not noted.
  await client.ping()
  return {
    rowsOf: async (order) => ((await client.get(keyOf(order))) === null ? 0 : ROWS_OF_ORDER),
    close: () => client.quit(),
  }
}

const redisClient: OpenDatabase = async (url) => {
  const { createClient } = require('@redis/client') as typeof import('@redis/client')
  const client = createClient({ url })
  await client.connect()
  return {
    rowsOf: async (order) => ((await client.get(keyOf(order))) === null ? 0 : ROWS_OF_ORDER),
    close: () => client.close(),
  }
}

/** The key of an order in Redis. */
export function keyOf(order: number): string {
  return `shop:order:${order}`
}

/** The drivers, by the name that a program is given. Those without an observer are heard by their channels. */
export const databases: Readonly<Record<string, OpenDatabase>> = {
  pg,
  'better-sqlite3': betterSqlite3,
  'mysql2-query': mysql2('query'),
  'mysql2-execute': mysql2('execute'),
  ioredis,
  '@redis/client': redisClient,
}
