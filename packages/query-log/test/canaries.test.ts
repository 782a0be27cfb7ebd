import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import scsConsole from '@fastify-scs/console'
import scsPlugin, { scsLogger } from '@fastify-scs/core'
import errorReporter, { fileReporter, logReporter } from '@fastify-scs/error-reporter'
import integrationLog from '@fastify-scs/integration-log'
import slowCall from '@fastify-scs/slow-call'
import store from '@fastify-scs/store'
import BetterSqlite3 from 'better-sqlite3'
import Fastify, { type FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import knex from 'knex'
import promised from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { PostgresDatabase } from '../../store-postgres/test/postgres-server.js'
import queryLog, {
  observeBetterSqlite,
  observeKnex,
  observePg,
  observePrisma,
} from '../src/index.js'
import { sleep } from './build-app.js'
import { startMariadb, startRedis } from './drivers/database-servers.js'
import { prismaOver } from './drivers/prisma-client.js'

/** As a value, and as a number that is too big for most columns. */
const CANARY = 'cAnArY7391'
const NUMBER = '73917391739173'
const CANARIES = [CANARY, NUMBER].flatMap((plain) => [
  plain,
  Buffer.from(plain).toString('hex'),
  Buffer.from(plain).toString('base64').replace(/=+$/, ''),
  [...plain].map((char) => `%${char.charCodeAt(0).toString(16)}`).join(''),
])

const mariadb = await startMariadb()
const redis = await startRedis()
let database: PostgresDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await PostgresDatabase.create()
  await database.admin(
    `CREATE TYPE mood AS ENUM ('sad', 'ok');
     CREATE TABLE people (id serial PRIMARY KEY, email text UNIQUE, age int CHECK (age < 150), name varchar(5), mood mood, password text);
     CREATE TABLE pets (owner int REFERENCES people(id));
     CREATE FUNCTION fail_with(text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN $1::int; END $$;
     INSERT INTO people (email) VALUES ('${CANARY}')`,
  )
  pool = observePg(new pg.Pool({ connectionString: database.url() }))
})
afterAll(async () => {
  await pool.end()
  await database.remove()
})

type Work = () => unknown

/** By name what a handler does; each passes canaries to a database, and most fail. */
function worksOnPostgres(): Record<string, Work> {
  const bound = (text: string, values: unknown[] = [CANARY]) => [
    `bound ${text}`,
    () => pool.query(text, values),
  ]
  const written = (text: string) => [`written ${text}`, () => pool.query(text)]
  return Object.fromEntries([
    bound('SELECT * FROM people WHERE email = $1'),
    bound('SELECT id FROM people WHERE password = $1'),
    bound('SELECT $1::int'),
    bound('SELECT fail_with($1)'),
    bound('SELECT $1::uuid'),
    bound('SELECT $1::json'),
    bound('SELECT $1::timestamptz'),
    bound('SELECT $1::int[]'),
    bound('SELECT $1::inet'),
    bound('SELECT to_tsquery($1)', [`${CANARY} ${CANARY}`]),
    bound('SELECT now() AT TIME ZONE $1'),
    bound("SELECT to_date($1, 'YYYY')"),
    bound('SELECT $1::int', [NUMBER]),
    bound('INSERT INTO people (age) VALUES ($1)', [NUMBER]),
    bound('INSERT INTO people (age) VALUES ($1)'),
    bound('INSERT INTO people (email) VALUES ($1)'),
    bound('INSERT INTO people (name) VALUES ($1)'),
    bound('INSERT INTO people (mood) VALUES ($1)'),
    bound('INSERT INTO people (email, age) VALUES ($1, 200)', [`${CANARY}2`]),
    bound('INSERT INTO pets (owner) VALUES ($1)', [739173917]),
    written(`SELECT * FROM people WHERE email = '${CANARY}'`),
    written(`SELECT '${CANARY}'::int`),
    written(`SELECT '${CANARY}' '${CANARY}'`),
    written(`SELECT * FROM people WHERE email = '${CANARY}`),
    written(`SELECT * FROM people WHERE 5 '${CANARY}' = 1`),
    written(`INSERT INTO people (email) VALUES ('${CANARY}')`),
    written(`INSERT INTO people (email, age) VALUES ('${CANARY}3', 200)`),
    written(`SELECT nothing FROM people WHERE email = '${CANARY}'`),
    written(`DO $$ BEGIN INSERT INTO people (email) VALUES ('${CANARY}'); END $$`),
    [
      'N+1',
      async () => {
        for (let n = 0; n < 12; n++)
          await pool.query('SELECT * FROM people WHERE email = $1', [CANARY])
        for (let n = 0; n < 12; n++)
          await pool.query(`SELECT id FROM people WHERE email = '${CANARY}${n}'`)
      },
    ],
  ])
}

function worksOnKnex(): Record<string, Work> {
  const db = observeKnex(knex({ client: 'pg', connection: { connectionString: database.url() } }))
  onTestFinished(() => db.destroy())
  return {
    'knex unique': () => db('people').insert({ email: CANARY }),
    'knex type': () => db('people').where({ age: CANARY }).update({ name: CANARY }),
    'knex select': () => db('people').where('age', CANARY),
    'knex raw': () => db.raw('select fail_with(?)', [CANARY]),
    'knex delete': () =>
      db('people')
        .whereIn('age', [CANARY, `it's ${CANARY}`])
        .delete(),
    'knex nothing': () => db('nothing').where({ email: `${CANARY} - a 'b' ${CANARY}` }),
  }
}

function worksOnPrisma(): Record<string, Work> {
  const prisma = observePrisma(prismaOver(pool, { log: [{ emit: 'event', level: 'query' }] }))
  onTestFinished(() => prisma.$disconnect())
  return {
    'prisma type': () => prisma.order.create({ data: { id: CANARY, nothing: CANARY } }),
    'prisma table': () => prisma.order.findMany({ where: { note: CANARY } }),
  }
}

function worksOnSqlite(): Record<string, Work> {
  const db = observeBetterSqlite(new BetterSqlite3(':memory:'))
  onTestFinished(() => void db.close())
  db.exec(
    `CREATE TABLE t (id INTEGER PRIMARY KEY, email TEXT UNIQUE CHECK (email <> 'x'), n INT) STRICT; INSERT INTO t (email) VALUES ('${CANARY}')`,
  )
  return {
    'sqlite unique': () => db.prepare('INSERT INTO t (email) VALUES (?)').run(CANARY),
    'sqlite type': () => db.prepare('INSERT INTO t (n) VALUES (?)').run(CANARY),
    'sqlite syntax': () => db.exec(`SELECT * FROM t WHERE email = '${CANARY}' '${CANARY}'`),
    'sqlite near': () => db.exec(`SELECT * FROM t WHERE 5 ${NUMBER} 6`),
    'sqlite open': () => db.exec(`SELECT * FROM t WHERE email = '${CANARY}`),
    'sqlite quoted': () => db.prepare(`SELECT * FROM t WHERE email = "${CANARY}"`).all(),
  }
}

async function worksOnMariadb(): Promise<Record<string, Work>> {
  if (mariadb === undefined) return {}
  const given = { host: '127.0.0.1', port: mariadb.port, user: 'root' }
  const setUp = await promised.createConnection({ ...given, multipleStatements: true })
  await setUp.query(
    `CREATE DATABASE canaries; USE canaries; CREATE TABLE t (id INT PRIMARY KEY, email VARCHAR(20) UNIQUE, age INT CHECK (age < 150), day DATETIME); INSERT INTO t VALUES (1, '${CANARY}', 5, NULL)`,
  )
  await setUp.end()
  const db = promised.createPool({ ...given, database: 'canaries' })
  const builder = observeKnex(
    knex({ client: 'mysql2', connection: { ...given, database: 'canaries' } }),
  )
  onTestFinished(async () => {
    await db.end()
    await builder.destroy()
  })
  const query = (text: string, values: unknown[] = [CANARY]) => [
    `mysql ${text}`,
    () => db.query(text, values),
  ]
  const execute = (text: string) => [`mysql prepared ${text}`, () => db.execute(text, [CANARY])]
  return Object.fromEntries([
    query('INSERT INTO t (id, email) VALUES (2, ?)'),
    query('INSERT INTO t (id, age) VALUES (2, ?)'),
    query('INSERT INTO t (id, day) VALUES (2, ?)'),
    query('UPDATE t SET age = 5 WHERE id = ?'),
    query('INSERT INTO t (id, email) VALUES (2, ?)', [CANARY.repeat(5)]),
    query('INSERT INTO t (id, email, age) VALUES (2, ?, 200)', ['x']),
    query('SELECT * FROM t WHERE 5 6 = ? AND email = ?', [CANARY, `it's\n${CANARY}`]),
    query('SELECT * FROM nothing WHERE email = ?'),
    execute('INSERT INTO t (id, email) VALUES (2, ?)'),
    execute('INSERT INTO t (id, age) VALUES (2, ?)'),
    ['knex mysql', () => builder('t').insert({ id: 2, email: CANARY })],
    ['knex mysql type', () => builder('t').insert({ id: 2, age: `it's "${CANARY}"` })],
  ])
}

function worksOnRedis(): Record<string, Work> {
  if (redis === undefined) return {}
  const client = new Redis(redis.port, '127.0.0.1')
  onTestFinished(() => client.disconnect())
  return {
    'redis set': () => client.set(`people:${CANARY}`, CANARY),
    'redis wrong type': () => client.lpush(`people:${CANARY}`, CANARY),
    'redis unknown': () => client.call('NOTHING', CANARY, CANARY),
    'redis script': () => client.eval('return redis.error_reply("no")', 1, CANARY, CANARY),
  }
}

async function buildApp(
  folder: string,
  works: Record<string, Work>,
  told: unknown[],
): Promise<FastifyInstance> {
  const app = Fastify({
    logger: scsLogger({
      source: 'orders',
      file: { path: join(folder, 'app.log'), level: 'trace' },
    }),
  })
  onTestFinished(() => app.close())
  await app.register(scsPlugin, {
    source: 'orders',
    audit: { file: { path: join(folder, 'audit.log') } },
  })
  await app.register(store, { url: `sqlite:${join(folder, 'scs.db')}` })
  await app.register(errorReporter, {
    growth: 1,
    maxCallsPerMinute: false,
    errorReporter: [
      fileReporter({ path: join(folder, 'reports.log') }),
      logReporter(),
      (...all) => void told.push(all),
    ],
  })
  await app.register(slowCall, { maxMs: 1, blockedAfterMs: false })
  await app.register(integrationLog, { services: {} })
  await app.register(queryLog)
  await app.register(scsConsole, { authorize: () => true })
  app.get<{ Params: { work: string; ending: string } }>('/:ending/:work', async (request) => {
    const { work, ending } = request.params
    try {
      await works[work]?.()
    } catch (error) {
      request.log.warn(error)
      request.log.error({ err: error }, `it failed: ${String(error)}`)
      request.log.info({ error }, (error as Error).message)
      if (ending === 'report')
        request.reportError('It failed', {
          caught: error,
          data: {
            error,
            detail: (error as pg.DatabaseError).detail,
            sql: (error as { sql?: string }).sql,
          },
        })
      if (ending === 'throw') throw error
      if (ending === 'wrap')
        throw new Error(`Could not do it: ${(error as Error).message}`, { cause: error })
    } finally {
      told.push(request.timeline(), app.scs.requestFacts.of(request))
    }
    await sleep(2)
    return 'ok'
  })
  return app
}

it('no value that was bound to a statement or written into one is in a row, log, report or answer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scs-canaries-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const works = {
    ...worksOnPostgres(),
    ...worksOnKnex(),
    ...worksOnPrisma(),
    ...worksOnSqlite(),
    ...(await worksOnMariadb()),
    ...worksOnRedis(),
  }
  const told: unknown[] = []
  const app = await buildApp(folder, works, told)
  // The names of the works hold canaries: they are passed by their numbers.
  const numbered = Object.fromEntries(
    Object.values(works).map((work, number) => [`${number}`, work]),
  )
  for (const name of Object.keys(works)) delete (works as Record<string, unknown>)[name]
  Object.assign(works, numbered)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const live = await fetch(`${url}/_scs/api/live`, { signal: stop.signal })
  const tail: string[] = []
  void live.body
    ?.pipeThrough(new TextDecoderStream())
    .pipeTo(new WritableStream({ write: (chunk) => void tail.push(chunk) }))
    .catch(() => undefined)
  for (const number of Object.keys(numbered))
    for (const ending of ['throw', 'wrap', 'report', 'swallow'])
      told.push(await (await fetch(`${url}/${ending}/${number}`)).text())
  await app.errorReporter.flush()
  await app.scsStore.flush()
  for (const path of [
    'groups',
    'export/reports',
    'export/reports?format=csv',
    'routes',
    'overview',
  ])
    told.push(await (await fetch(`${url}/_scs/api/${path}`)).text())
  const { items } = await app.scsStore.find('reports', { limit: 500 })
  expect(items.length).toBeGreaterThan(100)
  for (const { id, keys } of items) {
    told.push(await (await fetch(`${url}/_scs/api/reports/${id}`)).text())
    told.push(await (await fetch(`${url}/_scs/api/requests/${keys.requestId}`)).text())
  }
  await expect.poll(() => tail.join('').length).toBeGreaterThan(1_000)
  told.push(tail.join(''))
  await app.close()
  const places: [place: string, text: string][] = [
    ['told', told.map((each) => JSON.stringify(each)).join('\n')],
    ...readdirSync(folder).map((name): [string, string] => [
      name,
      readFileSync(join(folder, name), 'latin1'),
    ]),
    ...rowsOf(join(folder, 'scs.db')),
  ]
  expect(places.map(([place]) => place)).toEqual(
    expect.arrayContaining(['app.log', 'reports.log', 'scs.db']),
  )
  const leaks = places.flatMap(([place, text]) =>
    CANARIES.flatMap((canary) =>
      [...text.matchAll(new RegExp(canary, 'gi'))].map(
        ({ index }) => `${place}: ${text.slice(Math.max(0, index - 120), index + 60)}`,
      ),
    ),
  )
  expect([...new Set(leaks)].slice(0, 40)).toEqual([])
})

/** Every row of every table, as the database reads it: rows on disk may be split over pages. */
function rowsOf(path: string): [place: string, text: string][] {
  const db = new BetterSqlite3(path, { readonly: true })
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
  const rows = tables.map((table): [string, string] => [
    `table ${table}`,
    db
      .prepare(`SELECT * FROM "${table}"`)
      .raw()
      .all()
      .flat()
      .map((cell) => (Buffer.isBuffer(cell) ? cell.toString('latin1') : String(cell)))
      .join('\n'),
  ])
  db.close()
  return rows
}
