import { observeNodeSqlite } from '@fastify-scs/query-log'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadNodeDatabase, type NodeDatabase } from './node-database.js'
import { expectOwnQueries, lettersOf, queriesOf } from './observed-app.js'

const CANARY = 'canary-7f3a'
const Sqlite = loadNodeDatabase()

const hasChannel = Number(process.versions.node.split('.')[0]) >= 26

function createDatabase(): NodeDatabase {
  if (Sqlite === undefined) throw new Error('skipped')
  const database = new Sqlite(':memory:')
  onTestFinished(() => database.close())
  database.exec('CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)')
  database.exec("INSERT INTO items VALUES (1, 'a'), (2, 'b'), (3, 'c')")
  return database
}

describe.skipIf(Sqlite === undefined)('observeNodeSqlite', () => {
  it('tells of run, get, all, iterate and exec, each once: statement, duration, rows', async () => {
    const database = observeNodeSqlite(createDatabase())
    const { runs } = await queriesOf(() => {
      database.prepare('UPDATE items SET name = ? WHERE id < ?').run('x', 3)
      database.prepare('SELECT * FROM items WHERE id = ?').get(1)
      database.prepare('SELECT * FROM items WHERE id = ?').get(99)
      database.prepare('SELECT * FROM items').all()
      for (const row of database.prepare('SELECT name FROM items').iterate()) void row
      for (const row of database.prepare('SELECT name FROM items').iterate()) {
        void row
        break
      }
      database.exec('DELETE FROM items WHERE id = 1')
    })
    const ended = { system: 'sqlite', waitMs: null, errorCode: null }
    const durationMs = expect.any(Number)
    expect(runs).toEqual([
      { ...ended, durationMs, text: 'UPDATE items SET name = ? WHERE id < ?', rows: 2 },
      { ...ended, durationMs, text: 'SELECT * FROM items WHERE id = ?', rows: 1 },
      { ...ended, durationMs, text: 'SELECT * FROM items WHERE id = ?', rows: 0 },
      { ...ended, durationMs, text: 'SELECT * FROM items', rows: 3 },
      { ...ended, durationMs, text: 'SELECT name FROM items', rows: 3 },
      { ...ended, durationMs, text: 'SELECT name FROM items', rows: 1 },
      { ...ended, durationMs, text: 'DELETE FROM items WHERE id = ?', rows: null },
    ])
  })

  it('tells the code of an error', async () => {
    const database = observeNodeSqlite(createDatabase())
    const { runs } = await queriesOf(() => {
      expect(() => database.prepare('INSERT INTO items VALUES (1, ?)').run('a')).toThrow('UNIQUE')
      expect(() => database.prepare('SELECT * FROM nowhere')).toThrow('nowhere')
    })
    expect(runs.map(({ errorCode }) => errorCode)).toEqual(Array(2).fill('ERR_SQLITE_ERROR'))
  })

  it('never tells a value', async () => {
    const database = observeNodeSqlite(createDatabase())
    const { fact } = await queriesOf(() => {
      database.prepare('SELECT ? AS it').get(CANARY)
      database.prepare('SELECT :it AS it').all({ it: CANARY })
      database.exec(`INSERT INTO items (name) VALUES ('${CANARY}')`)
    })
    expect(fact?.count).toBe(3)
    expect(JSON.stringify(fact)).not.toContain(CANARY)
  })

  it('notes nothing of one request in another', async () => {
    const database = observeNodeSqlite(createDatabase())
    await expectOwnQueries(
      async (index, pause) => {
        const statement = database.prepare(`SELECT 1 AS get_${lettersOf(index)}`)
        statement.get()
        await pause()
        statement.all()
      },
      (index) => Array(2).fill(`SELECT ? AS get_${lettersOf(index)}`),
    )
  })

  it.each([undefined, null, {}, { prepare() {}, exec() {} }])('refuses %j', (value) => {
    expect(() => observeNodeSqlite(value as never)).toThrow(
      expect.objectContaining({ code: 'SCS_QUERY_LOG_ERR_NOT_OBSERVABLE' }),
    )
  })
})

describe.skipIf(!hasChannel)('the channel of node:sqlite, on Node 26', () => {
  it('tells of every query of a database that is not observed', async () => {
    const database = createDatabase()
    const { runs } = await queriesOf(() => {
      database.prepare('SELECT * FROM items WHERE name = ?').get(CANARY)
      database.exec('DELETE FROM items WHERE id = 1')
    })
    const told = { system: 'sqlite', waitMs: null, rows: null, errorCode: null }
    const durationMs = expect.any(Number)
    expect(runs).toEqual([
      { ...told, durationMs, text: 'SELECT * FROM items WHERE name = ?' },
      { ...told, durationMs, text: 'DELETE FROM items WHERE id = ?' },
    ])
  })

  it('never tells a value, although it tells statements with their values in them', async () => {
    const database = createDatabase()
    const { fact } = await queriesOf(() => {
      const statement = database.prepare('SELECT * FROM items WHERE name = ? AND id = ?')
      statement.get(CANARY, 1)
      statement.get(`${CANARY}' OR "`, 1)
      statement.get(Buffer.from(CANARY), 1)
      statement.get('x'.repeat(20_000) + CANARY, 1)
    })
    expect(fact?.statements).toMatchObject([{ times: 3 }, { times: 1 }])
    const text = JSON.stringify(fact)
    expect(text).not.toContain(CANARY)
    expect(text).not.toContain(Buffer.from(CANARY).toString('hex'))
  })

  it('notes nothing of one request in another', async () => {
    const database = createDatabase()
    await expectOwnQueries(
      async (index, pause) => {
        database.prepare(`SELECT 1 AS get_${lettersOf(index)}`).get()
        await pause()
        database.exec(`SELECT 2 AS exec_${lettersOf(index)}`)
      },
      (index) => [`SELECT ? AS get_${lettersOf(index)}`, `SELECT ? AS exec_${lettersOf(index)}`],
    )
  })
})
