import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PostgresDatabase } from '../../store-postgres/test/postgres-server.js'
import { observePg, type QueriesFact } from '../src/index.js'
import { buildApp, factOf, run, sleep } from './build-app.js'

/** Requests that run at once. */
const AT_ONCE = 200

let database: PostgresDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await PostgresDatabase.create()
  pool = observePg(new pg.Pool({ connectionString: database.url(), max: 5 }))
})
afterAll(async () => {
  await pool.end()
  await database.remove()
})

function textsOf(fact: QueriesFact | undefined): string[] {
  return fact?.list.map(({ statement }) => fact.statements[statement]?.text ?? '') ?? []
}

describe('200 requests at once, of two apps that share a pool', () => {
  /** Statements that no other request has: the request's number is part of a name. */
  function statementsOf(name: string): string[] {
    return [
      `SELECT $1::text AS begin_${name}`,
      `SELECT 1 AS timer_${name}`,
      `SELECT $1::text AS left_${name}`,
      `SELECT $1::text AS right_${name}`,
      `SELECT 'x' AS last_${name}`,
    ]
  }

  async function runThem(name: string, index: number): Promise<void> {
    const [first, timer, left, right, last] = statementsOf(name) as [
      string,
      string,
      string,
      string,
      string,
    ]
    await pool.query(first, [name])
    await sleep(index % 7)
    await pool.query(timer)
    await Promise.all([pool.query(left, [name]), pool.query(right, [name])])
    await new Promise<void>((resolve) => setImmediate(resolve))
    const client = await pool.connect()
    try {
      await client.query(last)
    } finally {
      client.release()
    }
  }

  function addRoutes(app: FastifyInstance, prefix: string): void {
    const handler = async (request: FastifyRequest) => {
      const { index } = request.params as { index: string }
      await runThem(`${prefix}_r${index}`, Number(index))
      // The wait for a connection is told as well.
      return textsOf(factOf(request))
        .filter((text) => text !== 'pool.connect()')
        .toSorted()
    }
    app.get('/:index', handler)
    app.register(async (child) => child.get('/child/:index', handler))
  }

  it('have each their own queries and none of another one', async () => {
    const apps = await Promise.all(
      ['one', 'two'].map(async (name) => ({ name, ...(await buildApp()) })),
    )
    const urls = new Map<string, string>()
    for (const { app, name } of apps) {
      addRoutes(app, name)
      urls.set(name, await app.listen({ host: '127.0.0.1', port: 0 }))
    }
    const indices = Array.from({ length: AT_ONCE }, (_, index) => index)
    await Promise.all(
      indices.map(async (index) => {
        const name = index % 2 === 0 ? 'one' : 'two'
        const path = index % 3 === 0 ? 'child/' : ''
        const answer = await fetch(`${urls.get(name)}/${path}${index}`)
        const expected = statementsOf(`${name}_r${index}`).map((text) =>
          text.replace(/\$1|'x'|\b1\b/, '?'),
        )
        expect(await answer.json()).toEqual(expected.toSorted())
      }),
    )
    for (const { app } of apps)
      expect(app.queryLog.stats()).toMatchObject({ leftOut: 0, failures: 0 })
  })
})

describe('a query belongs to its request', () => {
  it('in every hook, in timers, and while its answer is streamed', async () => {
    const { app } = await buildApp()
    const over = new Promise<QueriesFact | undefined>((resolve) => {
      app.addHook('onRequest', () => run('SELECT on_request'))
      app.addHook('preParsing', async () => {
        await run('SELECT pre_parsing')
      })
      app.addHook('preValidation', (_request, _reply, done) => {
        setTimeout(() => void run('SELECT timer').then(() => done()), 1)
      })
      app.addHook('preHandler', () => run('SELECT pre_handler'))
      app.addHook('onSend', async () => {
        await run('SELECT on_send')
      })
      app.addHook('onResponse', async (request) => {
        await run('SELECT on_response')
        resolve(factOf(request))
      })
    })
    app.post('/', async (_request, reply) => {
      await run('SELECT handler')
      async function* rows(): AsyncGenerator<string> {
        for (const name of ['a', 'b']) {
          await run(`SELECT row_${name}`)
          yield name
        }
      }
      return reply.send(Readable.from(rows()))
    })
    const answer = await app.inject({ method: 'POST', url: '/', payload: { a: 1 } })
    expect(answer.body).toBe('ab')
    expect(textsOf(await over)).toEqual([
      'SELECT on_request',
      'SELECT pre_parsing',
      'SELECT timer',
      'SELECT pre_handler',
      'SELECT handler',
      'SELECT on_send',
      'SELECT row_a',
      'SELECT row_b',
      'SELECT on_response',
    ])
  })

  it('in the handlers of errors and of unknown routes', async () => {
    const { app } = await buildApp()
    const facts: (QueriesFact | undefined)[] = []
    app.setNotFoundHandler(async (request, reply) => {
      await run('SELECT not_found')
      facts.push(factOf(request))
      return reply.code(404).send('none')
    })
    await app.register(async (child) => {
      child.setErrorHandler(async (_error, request, reply) => {
        await run('SELECT error_handler')
        facts.push(factOf(request))
        return reply.code(500).send('failed')
      })
      child.get('/', async () => {
        await run('SELECT handler')
        throw new Error('x')
      })
    })
    await app.inject('/')
    await app.inject('/unknown')
    expect(facts.map(textsOf)).toEqual([
      ['SELECT handler', 'SELECT error_handler'],
      ['SELECT not_found'],
    ])
  })

  it('and not one that a job of the application runs beside it', async () => {
    const { app } = await buildApp()
    const job = setInterval(() => void run('SELECT job'), 1)
    app.get('/', async (request) => {
      await run('SELECT mine', 20)
      return textsOf(factOf(request))
    })
    expect((await app.inject('/')).json()).toEqual(['SELECT mine'])
    clearInterval(job)
    expect(app.queryLog.stats().queries).toBe(1)
  })
})
