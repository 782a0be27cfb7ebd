import errorReporter from '@fastify-scs/error-reporter'
import slowCall from '@fastify-scs/slow-call'
import type { FastifyReply, FastifyRequest } from 'fastify'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { PostgresDatabase } from '../../../store-postgres/test/postgres-server.js'
import { observePg, type QueriesFact } from '../../src/index.js'
import { buildApp, factOf } from '../build-app.js'

const REQUESTS = 200

let database: PostgresDatabase

beforeAll(async () => {
  database = await PostgresDatabase.create()
  await database.admin('CREATE TABLE seen (request int, step text)')
})
afterAll(() => database.remove())

/** A statement that tells of whom it is by a name, which stays, and has values that must not. */
function statementOf(id: number, step: string): string {
  return `SELECT 'canary-literal-${id}'::text AS of_${id}_${step}, $1::text AS bound, pg_sleep(0.001)`
}

function bound(id: number): [string] {
  return [`canary-bound-${id}`]
}

/** Queries of one request in every way that a pool has, with callbacks that run in somebody else's asynchronous context. */
async function work(pool: pg.Pool, id: number): Promise<void> {
  await Promise.all([
    pool.query(statementOf(id, 'a'), bound(id)),
    pool.query({ text: statementOf(id, 'b'), values: bound(id) }),
    pool.query(`SELEC of_${id}_c, 'canary-literal-${id}'`).catch(() => undefined),
  ])
  await new Promise<void>((resolve, reject) => {
    pool.query(statementOf(id, 'd'), bound(id), (error) => {
      if (error) reject(error)
      pool.query(statementOf(id, 'e'), bound(id), (error) => (error ? reject(error) : resolve()))
    })
  })
  await new Promise<void>((resolve, reject) => {
    pool.connect((error, client, release) => {
      if (client === undefined) return reject(error)
      client.query(statementOf(id, 'f'), bound(id), () => {
        client.query(statementOf(id, 'g'), bound(id), (error) => {
          release()
          if (error) reject(error)
          else resolve()
        })
      })
    })
  })
  const client = await pool.connect()
  try {
    await client.query(`BEGIN; SELECT 1 AS of_${id}_h`)
    await client.query(`INSERT INTO seen (request, step) SELECT $1, $2 AS of_${id}_i`, [
      id,
      `canary-bound-${id}`,
    ])
    await client.query(`COMMIT; SELECT 1 AS of_${id}_j`)
  } finally {
    client.release()
  }
}

/** The names of the requests and steps that statements tell of. */
function namesIn(fact: QueriesFact | undefined): string[] {
  const texts = (fact?.statements ?? []).map(({ text }) => text)
  return texts.flatMap((text) => text.match(/of_\d+_[a-j]/g) ?? []).sort()
}

test('of 200 requests at once over a pool of 5, each has its own queries, all of them, and no value', async () => {
  const pool = observePg(new pg.Pool({ connectionString: database.url(), max: 5 }))
  onTestFinished(() => pool.end())
  const { app, log } = await buildApp()
  const reports: unknown[] = []
  await app.register(errorReporter, {
    maxCallsPerMinute: 100_000,
    errorReporter: (title: string, message: string, report: unknown) => {
      reports.push([title, message, report])
    },
  })
  await app.register(slowCall, { maxMs: 1, blockedAfterMs: false })
  const facts = new Map<number, QueriesFact | undefined>()
  const leaked = new Set<string>()
  app.get('/:id', async (request: FastifyRequest<{ Params: { id: string } }>) => {
    const id = Number(request.params.id)
    await work(pool, id)
    facts.set(id, factOf(request))
    if (id % 4 === 0) throw new Error('of the handler')
    return 'done'
  })
  // Callback style from the start to the answer.
  app.get(
    '/callbacks/:id',
    (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) => {
      const id = Number(request.params.id)
      pool.query(statementOf(id, 'a'), bound(id), () => {
        pool.query(statementOf(id, 'b'), bound(id), () => {
          facts.set(id, factOf(request))
          reply.send('done')
        })
      })
    },
  )
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const background = Promise.all(
    Array.from({ length: 50 }, () => pool.query('SELECT 1 AS of_999_a').then(() => leaked)),
  )
  const ids = Array.from({ length: REQUESTS }, (_, index) => index)
  const statuses = await Promise.all(
    ids.map(async (id) => {
      const answer = await fetch(`${origin}/${id % 3 === 0 ? 'callbacks/' : ''}${id}`)
      await answer.arrayBuffer()
      return answer.status
    }),
  )
  await background
  expect(statuses.filter((status) => status === 500)).toHaveLength(
    ids.filter((id) => id % 3 !== 0 && id % 4 === 0).length,
  )
  for (const id of ids) {
    const steps = id % 3 === 0 ? 'ab' : 'abcdefghij'
    expect(namesIn(facts.get(id))).toEqual([...steps].map((step) => `of_${id}_${step}`))
    const runs = facts.get(id)?.list ?? []
    expect(runs.filter(({ durationMs }) => durationMs === null)).toEqual([])
    expect(facts.get(id)?.leftOut).toBe(0)
  }
  await expect.poll(() => reports.length).toBeGreaterThan(0)
  await app.close()
  const told = JSON.stringify([reports, log, [...facts]])
  expect(told).toContain('of_')
  expect(told).not.toContain('canary')
})
