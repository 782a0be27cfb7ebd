import { observeBetterSqlite } from '@fastify-scs/query-log'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isBetterSqliteLoadable } from './better-sqlite3-driver.js'
import { expectOwnQueries, lettersOf, queriesOf } from './observed-app.js'

const CANARY = 'canary-7f3a'

function createDatabase(): Database.Database {
  const database = observeBetterSqlite(new Database(':memory:'))
  onTestFinished(() => void database.close())
  database.exec('CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)')
  database.exec("INSERT INTO items VALUES (1, 'a'), (2, 'b'), (3, 'c')")
  return database
}

describe.skipIf(!isBetterSqliteLoadable())('observeBetterSqlite', () => {
  it('returns the same database', () => {
    const database = new Database(':memory:')
    onTestFinished(() => void database.close())
    expect(observeBetterSqlite(database)).toBe(database)
  })

  it('tells of run, get, all and iterate: statement, duration, rows', async () => {
    const database = createDatabase()
    const { runs } = await queriesOf(() => {
      database.prepare('UPDATE items SET name = ? WHERE id < ?').run('x', 3)
      database.prepare('SELECT * FROM items WHERE id = ?').get(1)
      database.prepare('SELECT * FROM items WHERE id = ?').get(99)
      database.prepare('SELECT * FROM items').all()
      for (const row of database.prepare('SELECT name FROM items').iterate()) void row
    })
    const ended = { system: 'sqlite', waitMs: null, errorCode: null }
    const durationMs = expect.any(Number)
    expect(runs).toEqual([
      { ...ended, durationMs, text: 'UPDATE items SET name = ? WHERE id < ?', rows: 2 },
      { ...ended, durationMs, text: 'SELECT * FROM items WHERE id = ?', rows: 1 },
      { ...ended, durationMs, text: 'SELECT * FROM items WHERE id = ?', rows: 0 },
      { ...ended, durationMs, text: 'SELECT * FROM items', rows: 3 },
      { ...ended, durationMs, text: 'SELECT name FROM items', rows: 3 },
    ])
  })

  it('tells of exec and of pragma', async () => {
    const database = createDatabase()
    const { texts } = await queriesOf(() => {
      database.exec('DELETE FROM items WHERE id = 1')
      database.pragma('user_version', { simple: true })
    })
    expect(texts).toEqual(['DELETE FROM items WHERE id = ?', 'PRAGMA user_version'])
  })

  it('tells of what is asked by statements that pluck, are raw, expanded or bound', async () => {
    const database = createDatabase()
    const { runs } = await queriesOf(() => {
      const statement = database.prepare('SELECT name FROM items WHERE id = ?')
      expect(statement.pluck().get(1)).toBe('a')
      expect(statement.pluck(false).raw().all(1)).toEqual([['a']])
      expect(database.prepare('SELECT 1 AS one').expand().get()).toEqual({ $: { one: 1 } })
      const bound = database.prepare('SELECT name FROM items WHERE id = ?').bind(2)
      expect(bound.get()).toEqual({ name: 'b' })
    })
    expect(runs.map(({ rows }) => rows)).toEqual([1, 1, 1, 1])
  })

  it('tells of the statements of a transaction, not of its begin and its end', async () => {
    const database = createDatabase()
    const insert = database.prepare('INSERT INTO items (name) VALUES (?)')
    const { texts } = await queriesOf(() => {
      database.transaction((names: string[]) => {
        for (const name of names) insert.run(name)
      })(['d', 'e'])
    })
    expect(texts).toEqual(Array(2).fill('INSERT INTO items (name) VALUES (?)'))
  })

  it('tells the code of an error, also of a statement that cannot be prepared', async () => {
    const database = createDatabase()
    const { runs } = await queriesOf(() => {
      expect(() => database.prepare('INSERT INTO items VALUES (1, ?)').run('a')).toThrow('UNIQUE')
      expect(() => database.prepare('SELECT * FROM nowhere WHERE a = 5')).toThrow('nowhere')
      expect(() => database.exec('DROP TABLE nowhere')).toThrow('nowhere')
    })
    expect(runs.map(({ text, errorCode }) => [text, errorCode])).toEqual([
      ['INSERT INTO items VALUES (?, ?)', 'SQLITE_CONSTRAINT_PRIMARYKEY'],
      ['SELECT * FROM nowhere WHERE a = ?', 'SQLITE_ERROR'],
      ['DROP TABLE nowhere', 'SQLITE_ERROR'],
    ])
  })

  it('ends an iteration that is left with the rows that were read, and one that throws', async () => {
    const database = createDatabase()
    database.function('fail_at', (id) => {
      if (id === 2) throw new TypeError('no')
      return id as number
    })
    const { runs } = await queriesOf(() => {
      for (const row of database.prepare('SELECT id FROM items').iterate()) {
        void row
        break
      }
      expect(() => [...database.prepare('SELECT fail_at(id) FROM items').iterate()]).toThrow('no')
    })
    expect(runs).toMatchObject([
      { rows: 1, errorCode: null, durationMs: expect.any(Number) },
      { rows: 1, errorCode: 'TypeError', durationMs: expect.any(Number) },
    ])
  })

  it('does not tell of a statement that was prepared before', async () => {
    const database = new Database(':memory:')
    onTestFinished(() => void database.close())
    const early = database.prepare('SELECT 1 AS early')
    observeBetterSqlite(database)
    const { texts } = await queriesOf(() => {
      early.get()
      database.prepare('SELECT 2 AS late').get()
    })
    expect(texts).toEqual(['SELECT ? AS late'])
  })

  it('notes a query once, however often a database is observed', async () => {
    const database = observeBetterSqlite(createDatabase())
    const { texts } = await queriesOf(() => database.prepare('SELECT 1 AS one').get())
    expect(texts).toEqual(['SELECT ? AS one'])
  })

  it('never tells a value', async () => {
    const database = createDatabase()
    const { fact } = await queriesOf(() => {
      database.prepare('SELECT ? AS it').get(CANARY)
      database.prepare('SELECT :it AS it').all({ it: CANARY })
      database.prepare(`SELECT '${CANARY}' AS it`).get()
      database.prepare('SELECT * FROM items WHERE name = ?').bind(CANARY).get()
      database.exec(`INSERT INTO items (name) VALUES ('${CANARY}') -- ${CANARY}`)
      database.pragma(`application_id = '${CANARY}'`)
      expect(() => database.exec(`SELECT '${CANARY}' FROM`)).toThrow()
    })
    expect(fact?.count).toBe(7)
    expect(JSON.stringify(fact)).not.toContain(CANARY)
  })

  it('notes nothing of one request in another', async () => {
    const database = createDatabase()
    await expectOwnQueries(
      async (index, pause) => {
        const name = lettersOf(index)
        const statement = database.prepare(`SELECT 1 AS get_${name}`)
        statement.get()
        await pause()
        const rows = database.prepare(`SELECT id AS each_${name} FROM items`).iterate()
        rows.return?.()
        await pause()
        statement.all()
      },
      (index) => [
        ...Array(2).fill(`SELECT ? AS get_${lettersOf(index)}`),
        `SELECT id AS each_${lettersOf(index)} FROM items`,
      ],
    )
  })

  it.each([undefined, null, 5, {}, { prepare() {} }])('refuses %j', (value) => {
    expect(() => observeBetterSqlite(value as never)).toThrow(
      expect.objectContaining({ code: 'SCS_QUERY_LOG_ERR_NOT_OBSERVABLE' }),
    )
  })
})
