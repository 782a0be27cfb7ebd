import scsPlugin from '@fastify-scs/core'
import errorReporter, { type CrashReport } from '@fastify-scs/error-reporter'
import slowCall, { type SlowCallReport } from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { PostgresDatabase } from '../../store-postgres/test/postgres-server.js'
import queryLog, { observePg, type QueriesFact } from '../src/index.js'
import { sleep } from './build-app.js'

const CANARY = 'cAnArY7391'
const LINES = 'SELECT * FROM order_lines WHERE order_id = ?'

let database: PostgresDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await PostgresDatabase.create()
  await database.admin(
    'CREATE TABLE orders (id int, name text UNIQUE); CREATE TABLE order_lines (order_id int, sku text); INSERT INTO orders SELECT i FROM generate_series(1, 12) i',
  )
  pool = observePg(new pg.Pool({ connectionString: database.url() }))
})
afterAll(async () => {
  await pool.end()
  await database.remove()
})

interface ReportingApp {
  readonly app: FastifyInstance
  readonly reports: CrashReport[]
  readonly log: string[]
}

/** An app with all plugins that report, and what they have reported. */
async function buildApp(
  maxMs = 600_000,
  stuckAfterMs: number | false = false,
): Promise<ReportingApp> {
  const reports: CrashReport[] = []
  const log: string[] = []
  const app = Fastify({
    logger: { level: 'trace', stream: { write: (line: string) => void log.push(line) } },
  })
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { audit: false })
  await app.register(store, { url: 'memory:' })
  await app.register(errorReporter, {
    errorReporter: (_title, _message, report) => void reports.push(report),
  })
  await app.register(slowCall, { maxMs, stuckAfterMs })
  await app.register(queryLog)
  return { app, reports, log }
}

/** An N+1: a query for the orders and one for the lines of each of them. */
async function runThem(): Promise<void> {
  const { rows } = await pool.query('SELECT id FROM orders WHERE id < $1', [100])
  for (const { id } of rows) await pool.query('SELECT * FROM order_lines WHERE order_id = $1', [id])
}

function queriesOf(report: CrashReport | undefined): QueriesFact {
  return report?.facts.queries as QueriesFact
}

function slowCallOf(report: CrashReport | undefined): SlowCallReport {
  return report?.data as unknown as SlowCallReport
}

describe('the queries of a request are', () => {
  it('in the report of its crash, the failed one with its code', async () => {
    const { app, reports } = await buildApp()
    app.get('/', async () => {
      await runThem()
      await pool.query('SELECT nothing FROM nowhere')
    })
    expect((await app.inject('/')).statusCode).toBe(500)
    await app.errorReporter.flush()
    const { count, statements, list } = queriesOf(reports[0])
    expect(count).toBe(14)
    expect(statements).toMatchObject([
      {
        system: 'postgresql',
        text: 'SELECT id FROM orders WHERE id < ?',
        times: 1,
        isRepeated: false,
      },
      { text: LINES, times: 12, isRepeated: true },
      { text: 'SELECT nothing FROM nowhere', times: 1, isRepeated: false },
    ])
    expect(list.at(0)).toMatchObject({ statement: 0, rows: 12, errorCode: null })
    expect(list.at(-1)).toMatchObject({ statement: 2, errorCode: '42P01' })
  })

  it('in the report of a slow call, with their share of its time and what was repeated', async () => {
    const { app, reports } = await buildApp(1)
    app.get('/', async () => {
      await runThem()
      await sleep(5)
      return 'ok'
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    await (await fetch(url)).text()
    await expect.poll(() => reports.length).toBe(1)
    const { queries, durationMs } = slowCallOf(reports[0])
    expect(queries).toMatchObject({
      count: 13,
      repeated: [
        expect.stringMatching(/^12 times SELECT \* FROM order_lines WHERE order_id = \?, \d+ ms$/),
      ],
    })
    expect(queries?.totalMs).toBe(queriesOf(reports[0]).durationMs)
    expect(queries?.share).toBeGreaterThan(0)
    expect(queries?.share).toBeLessThan(1)
    expect(queries?.share).toBe((queries?.totalMs ?? 0) / durationMs)
  })

  it('counted once where they run side by side', async () => {
    const { app, reports } = await buildApp(1)
    app.get('/', async () => {
      await Promise.all([1, 2, 3, 4].map(() => pool.query('SELECT pg_sleep(0.2)')))
      return 'ok'
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    await (await fetch(url)).text()
    await expect.poll(() => reports.length).toBe(1)
    const { queries, durationMs } = slowCallOf(reports[0])
    expect(queries?.totalMs).toBeGreaterThan(190)
    expect(queries?.totalMs).toBeLessThanOrEqual(durationMs)
    expect(queriesOf(reports[0]).statements[0]?.durationMs).toBeGreaterThan(760)
  })

  it('in the report of a stuck call, the one that hangs too', async () => {
    const { app, reports } = await buildApp(600_000, 100)
    const blocker = await pool.connect()
    await blocker.query('BEGIN; LOCK TABLE orders')
    app.get('/', async () => {
      await pool.query('SELECT 1')
      await pool.query('SELECT id FROM orders WHERE id < $1', [100])
      return 'ok'
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const answer = fetch(url)
    await expect.poll(() => reports.length).toBe(1)
    const { list, statements } = queriesOf(reports[0])
    expect(statements.map(({ text }) => text)).toEqual([
      'SELECT ?',
      'SELECT id FROM orders WHERE id < ?',
    ])
    expect(list.map(({ durationMs }) => durationMs)).toEqual([expect.any(Number), null])
    await blocker.query('ROLLBACK')
    blocker.release()
    await (await answer).text()
  })
})

describe('what is bound to a statement, or written into it', () => {
  it('is in no report, log or row', async () => {
    const { app, reports, log } = await buildApp(1)
    const facts: unknown[] = []
    app.get('/:how', async (request) => {
      await pool.query('SELECT id FROM orders WHERE name = $1', [CANARY])
      await pool.query(
        `SELECT id FROM orders WHERE name IN ('${CANARY}', 'it''s ${CANARY}', $$${CANARY}$$)`,
      )
      await pool.query(
        `SELECT id /* ${CANARY} */ FROM orders -- ${CANARY}\n WHERE name = E'\\'${CANARY}'`,
      )
      await pool.query({
        text: 'INSERT INTO orders (name) VALUES ($1)',
        values: [`${CANARY}${Math.random()}`],
      })
      await pool.query(`SELECT '${CANARY}' FROM nowhere`).catch(() => undefined)
      facts.push(app.scs.requestFacts.of(request), request.timeline())
      request.log.info({ facts: app.scs.requestFacts.of(request) }, 'so far')
      if ((request.params as { how: string }).how === 'crash') throw new Error('it failed')
      await sleep(5)
      return 'ok'
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    await (await fetch(`${url}/crash`)).text()
    await (await fetch(`${url}/slow`)).text()
    await expect.poll(() => reports.length).toBe(2)
    await app.errorReporter.flush()
    await app.scsStore.flush()
    const { items } = await app.scsStore.find('reports', {})
    const rows = await Promise.all(items.map(({ id }) => app.scsStore.get('reports', id)))
    expect(rows).toHaveLength(2)
    for (const told of [reports, log, facts, rows]) {
      const text = JSON.stringify(told)
      expect(text).toContain('SELECT id FROM orders WHERE name = ?')
      expect(text).not.toContain(CANARY)
    }
  })
})
