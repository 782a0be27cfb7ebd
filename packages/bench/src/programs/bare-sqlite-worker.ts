import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { type RecordRow, toRow } from '@fastify-scs/store/adapter'
import type { Sample } from '../measure/participant.js'
import { newIntegrationRequests } from '../store/integration-request.js'

/** What can be bound. */
type SqlValue = string | number | null

/** The calls that both drivers have in the same form. */
interface Connection {
  exec(sql: string): unknown
  prepare(sql: string): {
    run(...values: SqlValue[]): unknown
    get(...values: SqlValue[]): unknown
    all(...values: SqlValue[]): unknown[]
  }
}

type Open = new (path: string) => Connection

/** What the worker does in each turn. */
export interface BareSqliteTask {
  readonly path: string
  /**
   * `tuned`: write-ahead log and checkpoints as the store's; `serializing`: the same, and each row's JSON text is made
   * within the turn, as anyone must who stores objects; `wal`: only the log; `plain`: SQLite's own defaults.
   */
  readonly mode: 'tuned' | 'serializing' | 'wal' | 'plain'
  /** Rows of a transaction. */
  readonly batchRecords: number
  /** Rows of a turn. */
  readonly turnRecords: number
  /** When a turn ends that has not got through its rows, in milliseconds. */
  readonly maxTurnMs: number
}

/** A row's values in the order of the columns, and the object whose text is one of them. */
interface ReadyRow {
  readonly values: SqlValue[]
  readonly data: unknown
}

const TUNED = `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;
  PRAGMA temp_store = MEMORY`
const PRAGMAS: Readonly<Record<BareSqliteTask['mode'], string>> = {
  tuned: TUNED,
  serializing: TUNED,
  wal: 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL',
  plain: 'PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL',
}
/** Between two checkpoints of the tuned mode, as the store has them. */
const CHECKPOINT_BYTES = 8_388_608
const TABLE = 'integration_requests'

const task = workerData as BareSqliteTask
const connection = openSqlite(task.path)
connection.exec(PRAGMAS[task.mode])
const columns = columnsOf(connection)
const dataAt = columns.indexOf('data')
const insert = connection.prepare(
  `INSERT INTO ${TABLE} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
)
let uncheckedBytes = 0
parentPort?.on('message', () => parentPort?.postMessage(turn()))

function turn(): Sample {
  const rows = newIntegrationRequests(task.turnRecords).map((record) => ({
    values: valuesOf(toRow('bare', record)),
    data: record.data,
  }))
  const startMs = performance.now()
  let stored = 0
  while (stored < rows.length && performance.now() - startMs < task.maxTurnMs) {
    const batch = rows.slice(stored, stored + task.batchRecords)
    storeBatch(batch)
    stored += batch.length
  }
  const seconds = (performance.now() - startMs) / 1_000
  return { rows: stored, rowsPerSecond: stored / seconds }
}

function storeBatch(batch: readonly ReadyRow[]): void {
  connection.exec('BEGIN IMMEDIATE')
  for (const { values, data } of batch) {
    if (task.mode === 'serializing') values[dataAt] = JSON.stringify(data)
    insert.run(...values)
  }
  connection.exec('COMMIT')
  if (PRAGMAS[task.mode] !== TUNED) return
  for (const { values } of batch) uncheckedBytes += String(values[dataAt]).length
  if (uncheckedBytes < CHECKPOINT_BYTES) return
  uncheckedBytes = 0
  connection.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
}

function columnsOf(file: Connection): string[] {
  const found = file.prepare(`SELECT name FROM pragma_table_info('${TABLE}') ORDER BY cid`).all()
  return found.map((column) => String((column as { name: unknown }).name))
}

/** The values of a row in the order of the columns: `status_code` is the field `statusCode`. */
function valuesOf(row: RecordRow): SqlValue[] {
  return columns.map((column) => {
    const field = column.replace(/_(.)/g, (_found, letter: string) => letter.toUpperCase())
    return row[field as keyof RecordRow]
  })
}

/** Opens a file with the driver that the store takes: node:sqlite where Node has it, else better-sqlite3. */
function openSqlite(path: string): Connection {
  const builtIn = process.getBuiltinModule('node:sqlite') as unknown as
    | { DatabaseSync: Open }
    | undefined
  const Driver = builtIn?.DatabaseSync ?? (createRequire(import.meta.url)('better-sqlite3') as Open)
  return new Driver(path)
}
