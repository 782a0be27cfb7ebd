import promised from 'mysql2/promise'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startMariadb } from './database-servers.js'
import { expectOwnQueries, lettersOf, queriesOf } from './observed-app.js'

const server = await startMariadb()
const CANARY = 'canary-7f3a'

async function createPool(options: promised.PoolOptions = {}): Promise<promised.Pool> {
  const given = { host: '127.0.0.1', port: server?.port ?? 0, user: 'root', ...options }
  const setUp = await promised.createConnection(given)
  await setUp.query('CREATE DATABASE IF NOT EXISTS shop')
  await setUp.query('CREATE TABLE IF NOT EXISTS shop.items (id INT PRIMARY KEY, name TEXT)')
  await setUp.query('REPLACE INTO shop.items VALUES (1, "a"), (2, "b"), (3, "c")')
  await setUp.end()
  const pool = promised.createPool({ ...given, database: 'shop' })
  onTestFinished(() => pool.end())
  return pool
}

describe.skipIf(server === undefined)('mysql2, against MariaDB', () => {
  it('tells of a query: statement, duration, rows', async () => {
    const pool = await createPool()
    const { runs } = await queriesOf(() => pool.query('SELECT * FROM items WHERE id < ?', [3]))
    expect(runs).toEqual([
      {
        system: 'mysql',
        text: 'SELECT * FROM items WHERE id < ?',
        durationMs: expect.any(Number),
        waitMs: expect.any(Number),
        rows: 2,
        errorCode: null,
      },
    ])
    expect(runs[0]?.durationMs).toBeGreaterThan(runs[0]?.waitMs ?? Number.NaN)
  })

  it('tells of a prepared statement, and of the rows that one has changed', async () => {
    const pool = await createPool()
    const { runs } = await queriesOf(() =>
      pool.execute('UPDATE items SET name = ? WHERE id = ?', ['x', 1]),
    )
    expect(runs).toMatchObject([{ text: 'UPDATE items SET name = ? WHERE id = ?', rows: 1 }])
  })

  it('tells the code of an error', async () => {
    const pool = await createPool()
    const { runs } = await queriesOf(async () => {
      await pool.query('INSERT INTO items VALUES (1, "again")').catch(() => {})
      await pool.execute('INSERT INTO items VALUES (?, ?)', [1, 'again']).catch(() => {})
      await pool.query('SELECT * FROM nowhere').catch(() => {})
    })
    expect(runs.map(({ errorCode }) => errorCode)).toEqual([
      'ER_DUP_ENTRY',
      'ER_DUP_ENTRY',
      'ER_NO_SUCH_TABLE',
    ])
  })

  it('tells how long a query has waited for a connection of the pool', async () => {
    const pool = await createPool({ connectionLimit: 1 })
    const { runs } = await queriesOf(() =>
      Promise.all([pool.query('SELECT SLEEP(0.2) AS slept'), pool.query('SELECT 2 AS two')]),
    )
    expect(runs).toMatchObject([{ text: 'SELECT SLEEP(?) AS slept' }, { text: 'SELECT ? AS two' }])
    expect(runs[1]?.waitMs).toBeGreaterThan(150)
    expect(runs[1]?.durationMs).toBeGreaterThan(150)
    expect(runs[0]?.durationMs).toBeLessThan(10_000)
  })

  it('tells of a connection that could not be had', async () => {
    const pool = promised.createPool({ host: '127.0.0.1', port: 1, user: 'root' })
    onTestFinished(() => pool.end())
    const { runs } = await queriesOf(() => pool.query('SELECT 1').catch(() => {}))
    expect(runs).toMatchObject([{ text: 'CONNECT', errorCode: 'ECONNREFUSED' }])
  })

  it('tells of callbacks as of promises, also behind a callback', async () => {
    const pool = await createPool({ connectionLimit: 1 })
    const { runs } = await queriesOf(
      () =>
        new Promise<void>((resolve, reject) => {
          pool.pool.query('SELECT 1 AS first', (error) => {
            if (error) return reject(error)
            pool.pool.execute('SELECT 2 AS second', () => resolve())
          })
        }),
    )
    expect(runs.map(({ text }) => text)).toEqual(['SELECT ? AS first', 'SELECT ? AS second'])
  })

  it('tells of several statements in one text as of one query, without rows', async () => {
    const pool = await createPool({ multipleStatements: true })
    const { runs } = await queriesOf(() => pool.query('SELECT 1 AS a; SELECT 2 AS b'))
    expect(runs).toMatchObject([{ text: 'SELECT ? AS a; SELECT ? AS b', rows: null }])
  })

  it('tells of a stream when it has ended', async () => {
    const pool = await createPool()
    const { runs } = await queriesOf(async () => {
      const read: unknown[] = []
      for await (const row of pool.pool.query('SELECT id FROM items').stream()) read.push(row)
      expect(read).toHaveLength(3)
    })
    expect(runs).toMatchObject([
      { text: 'SELECT id FROM items', durationMs: expect.any(Number), rows: null },
    ])
  })

  it('keeps a transaction and its connection in its request', async () => {
    const pool = await createPool()
    const { runs } = await queriesOf(async () => {
      const connection = await pool.getConnection()
      await connection.beginTransaction()
      await connection.execute('SELECT name FROM items WHERE id = ?', [2])
      await connection.rollback()
      connection.release()
    })
    expect(runs.map(({ text }) => text)).toEqual([
      'START TRANSACTION',
      'SELECT name FROM items WHERE id = ?',
      'ROLLBACK',
    ])
  })

  it('never tells a value, in which way ever it was given', async () => {
    const pool = await createPool({ namedPlaceholders: true })
    const { fact } = await queriesOf(async () => {
      await pool.query('SELECT ? AS it', [CANARY])
      await pool.query('SELECT ? AS it', [`${CANARY}' "quoted\\`])
      await pool.query(`SELECT "${CANARY}" AS it`)
      await pool.query('SELECT :it AS it', { it: CANARY })
      await pool.execute('SELECT ? AS it', [CANARY])
      await pool.execute('SELECT :it AS it', { it: CANARY })
      await pool.query('SELECT * FROM items WHERE name IN (?)', [[CANARY, CANARY]])
      await pool.query('INSERT INTO items SET ?', [{ id: 77, name: CANARY }])
      await pool.query('INSERT INTO items VALUES (77, ?)', [CANARY]).catch(() => {})
      await pool.query('DELETE FROM items WHERE id = 77 -- canary-7f3a')
      await pool.query(`SELECT ${CANARY}`).catch(() => {})
    })
    expect(fact?.count).toBe(11)
    expect(JSON.stringify(fact)).not.toContain(CANARY)
  })

  it('notes nothing of one request in another, whose queries wait for the same connections', async () => {
    const pool = await createPool({ connectionLimit: 5 })
    await expectOwnQueries(
      async (index, pause) => {
        const name = lettersOf(index)
        await pool.query(`SELECT 1 AS query_${name}`)
        await pause()
        await Promise.all([
          pool.execute(`SELECT 2 AS execute_${name}`),
          new Promise((resolve) => {
            pool.pool.query(`SELECT 3 AS callback_${name}`, () => {
              pool.pool.getConnection((_error, connection) => {
                connection.query(`SELECT 4 AS own_${name}`, () => {
                  connection.execute(`SELECT 5 AS last_${name}`, () => {
                    connection.release()
                    resolve(undefined)
                  })
                })
              })
            })
          }),
        ])
      },
      (index) =>
        ['query', 'execute', 'callback', 'own', 'last'].map(
          (what) => `SELECT ? AS ${what}_${lettersOf(index)}`,
        ),
    )
  })

  it('is not noted without the option channels', async () => {
    const pool = await createPool()
    const { fact } = await queriesOf(() => pool.query('SELECT 1'), { channels: false })
    expect(fact).toBeUndefined()
  })
})
