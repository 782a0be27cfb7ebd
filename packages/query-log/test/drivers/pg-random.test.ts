import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PostgresDatabase } from '../../../store-postgres/test/postgres-server.js'
import { observePg } from '../../src/index.js'
import { expectSame, type Trace } from './differential.js'
import { places } from './places.js'

let database: PostgresDatabase

beforeAll(async () => {
  database = await PostgresDatabase.create()
  await database.admin('CREATE TABLE steps (id int PRIMARY KEY)')
})
afterAll(() => database.remove())

/** The second insert of a number fails, as do those of the wrong syntax, by zero and without a type. */
const statement = fc.oneof(
  fc.constantFrom<pg.QueryConfig>(
    { text: 'SELECT id FROM steps ORDER BY id' },
    { text: 'SELECT 1 AS one; SELECT 2 AS two' },
    { name: 'twice', text: 'SELECT 2 * $1::int AS twice', values: [4] },
    { text: 'SELEC' },
    { text: 'SELECT 1 / 0' },
    { text: 'SELECT $1::int', values: ['none'] },
  ),
  fc.nat(3).map((id): pg.QueryConfig => ({ text: 'INSERT INTO steps VALUES ($1)', values: [id] })),
)

const single = fc.oneof(
  fc.record({ as: fc.constantFrom('promise', 'callback', 'unheard'), query: statement }),
  fc.record({
    as: fc.constant('transaction'),
    queries: fc.array(statement, { maxLength: 3 }),
    end: fc.constantFrom('COMMIT', 'ROLLBACK'),
    isDropped: fc.boolean(),
  }),
)
/** Steps that begin at once, one list after the other. */
const script = fc.array(fc.array(single, { minLength: 1, maxLength: 4 }), { maxLength: 5 })

type Step = typeof single extends fc.Arbitrary<infer Value> ? Value : never

async function take(pool: pg.Pool, seen: Trace, step: Step, what: string): Promise<void> {
  if ('queries' in step) {
    const client = await pool.connect()
    seen.note(`${what} has a client`)
    for (const query of [{ text: 'BEGIN' }, ...step.queries, { text: step.end }]) {
      await seen.settled(`${what}: ${query.text}`, client.query(query))
    }
    client.release(step.isDropped)
  } else if (step.as === 'promise') await seen.settled(what, pool.query(step.query))
  else if (step.as === 'callback') pool.query(step.query, seen.callback(what))
  else void pool.query(step.query)
}

/** Until nothing runs, also of what nobody waits for: after an error whoever asks next does not stand in line. */
async function rest(pool: pg.Pool): Promise<void> {
  while (pool.waitingCount > 0 || pool.idleCount < pool.totalCount) {
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

test.each(Object.entries(places))(
  '%s, scripts of queries, errors and transactions by chance show the same of a bare and an observed pool',
  async (_name, place) => {
    // With one client the order of answers is that of the questions, and not the server's.
    const [bare, observed] = [1, 2].map(
      () => new pg.Pool({ connectionString: database.url(), max: 1 }),
    ) as [pg.Pool, pg.Pool]
    observePg(observed)
    const isSame = async (steps: Step[][]): Promise<void> => {
      const run = async (pool: pg.Pool, seen: Trace): Promise<void> => {
        await pool.query('TRUNCATE steps')
        for (const [index, together] of steps.entries()) {
          await Promise.all(
            together.map((step, at) => take(pool, seen, step, `${step.as} ${index}.${at}`)),
          )
          await rest(pool)
          await seen.done()
        }
        await pool.query('SELECT 1')
        seen.note('counts', [pool.totalCount, pool.idleCount, pool.waitingCount])
      }
      await expectSame({ bare, observed }, run)
    }
    try {
      await place(() =>
        fc.assert(fc.asyncProperty(script, isSame), { numRuns: 25, endOnFailure: true }),
      )
      expect([bare.idleCount, observed.idleCount]).toEqual([1, 1])
    } finally {
      await Promise.all([bare.end(), observed.end()])
    }
  },
  60_000,
)
