import { createRequire } from 'node:module'
import {
  type NodeSqliteDatabase,
  observeBetterSqlite,
  observeNodeSqlite,
} from '@fastify-scs/query-log'

/** The orders of the shop, and the lines of all of them. */
const SCHEMA = `
  CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL);
  CREATE TABLE order_lines (order_id INTEGER NOT NULL, article TEXT NOT NULL, amount INTEGER NOT NULL);
  CREATE TABLE stock (article TEXT PRIMARY KEY, available INTEGER NOT NULL);
  INSERT INTO stock VALUES ('tea', 3), ('coffee', 0);
`

// The lines have no index: to find those of an order, all of them are read.
const FIRST_ORDERS = `
  INSERT INTO orders
    WITH RECURSIVE numbers(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM numbers WHERE id < 25000)
    SELECT id, CASE WHEN id % 250 = 1 THEN 'ann' ELSE 'bob' END FROM numbers;
  INSERT INTO order_lines
    SELECT id, article, 1 + id % 3 FROM orders CROSS JOIN
      (SELECT 'tea' AS article UNION ALL SELECT 'cup' UNION ALL SELECT 'honey');
`

type Bound = string | number

/** What the drivers of SQLite have in common, as far as the shop uses it. */
export interface OrderDatabase {
  exec(statements: string): unknown
  prepare(statement: string): {
    get(...values: Bound[]): unknown
    all(...values: Bound[]): unknown[]
    run(...values: Bound[]): { readonly lastInsertRowid: number | bigint }
  }
  close(): unknown
}

/**
 * Opens the database of the orders, in memory: with the driver that is part of Node, or with better-sqlite3 on Node 20. Either is observed
 * before it prepares a statement.
 */
export function openOrderDatabase(): OrderDatabase {
  const database = openMemory()
  database.exec(SCHEMA)
  database.exec(FIRST_ORDERS)
  return database
}

/** What is used of `node:sqlite`, which the types of Node 20 do not know. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => OrderDatabase & NodeSqliteDatabase
}

function openMemory(): OrderDatabase {
  const sqlite = process.getBuiltinModule('node:sqlite') as unknown as NodeSqlite | undefined
  if (sqlite !== undefined) return observeNodeSqlite(new sqlite.DatabaseSync(':memory:'))
  const require = createRequire(import.meta.url)
  const BetterSqlite3 = require('better-sqlite3') as typeof import('better-sqlite3')
  return observeBetterSqlite(new BetterSqlite3(':memory:'))
}
