import { observeBetterSqlite, observeNodeSqlite } from '@fastify-scs/query-log'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isBetterSqliteLoadable } from './better-sqlite3-driver.js'
import { expectSame, type Script } from './differential.js'
import { loadNodeDatabase, type NodeDatabase } from './node-database.js'
import { places } from './places.js'

const OfNode = loadNodeDatabase()
const TABLE = `CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO items VALUES (1, 'a'), (2, 'b'), (3, 'c');`

describe.skipIf(!isBetterSqliteLoadable()).each(Object.entries(places))(
  'a database of better-sqlite3 that is observed, %s',
  (_name, place) => {
    async function same(script: Script<Database.Database>): Promise<void> {
      const bare = new Database(':memory:')
      const observed = observeBetterSqlite(new Database(':memory:'))
      onTestFinished(() => {
        bare.close()
        observed.close()
      })
      for (const database of [bare, observed]) database.exec(TABLE)
      await place(() => expectSame({ bare, observed }, script))
    }

    it('gives the same results, errors and order for every way to ask', () =>
      same((database, seen) => {
        const statement = database.prepare('SELECT * FROM items WHERE id >= ?')
        seen.call('get', () => statement.get(2))
        seen.note('get', statement.get(2))
        seen.note('get of nothing', statement.get(99))
        seen.note('all', statement.all(1))
        seen.note('plucked', statement.pluck().all(1))
        seen.note('raw', statement.pluck(false).raw().all(1))
        seen.note('expanded', database.prepare('SELECT 1 AS a').expand().get())
        seen.note('big', database.prepare('SELECT 5 AS a').safeIntegers().get())
        seen.note('bound', database.prepare('SELECT ? AS a').bind(7).get())
        seen.note('named', database.prepare('SELECT :a AS a').get({ a: 7 }))
        seen.note('run', database.prepare('INSERT INTO items VALUES (NULL, ?)').run('d'))
        seen.note('columns', statement.columns())
        seen.note(
          'exec returns itself',
          database.exec('DELETE FROM items WHERE id = 9') === database,
        )
        seen.note('pragma', database.pragma('user_version'))
        seen.note('simple pragma', database.pragma('user_version', { simple: true }))
      }))

    it('gives the same errors', () =>
      same((database, seen) => {
        seen.call('unique', () => database.prepare('INSERT INTO items VALUES (1, 1)').run())
        seen.call('syntax', () => database.prepare('SELEC 1'))
        seen.call('no table', () => database.exec('SELECT * FROM nowhere'))
        seen.call('no text', () => database.prepare(5 as never))
        seen.call('no text', () => database.exec(undefined as never))
        seen.call('no text', () => database.pragma({} as never))
        seen.call('two statements', () => database.prepare('SELECT 1; SELECT 2'))
        seen.call('no rows', () => database.prepare('DELETE FROM items WHERE id = 99').get())
        seen.call('wrong values', () => database.prepare('SELECT ?').get(1, 2))
        seen.call('wrong value', () => database.prepare('SELECT ?').get(Symbol('a')))
        seen.call('wrong receiver', () => Reflect.apply(database.prepare('SELECT 1').get, {}, []))
      }))

    it('iterates the same', () =>
      same((database, seen) => {
        const statement = database.prepare('SELECT id FROM items')
        for (const row of statement.iterate()) seen.note('row', row)
        for (const row of statement.iterate()) {
          seen.note('only row', row)
          break
        }
        const iterator = statement.iterate()
        seen.note('itself', iterator[Symbol.iterator]() === iterator)
        seen.note('next', iterator.next())
        seen.call('busy', () => database.exec('DELETE FROM items'))
        seen.note('return', iterator.return?.())
        seen.note('next behind its end', iterator.next())
        seen.call('throws in between', () => {
          for (const _row of statement.iterate()) throw new RangeError('from the loop')
        })
        database.function('fail', () => {
          throw new RangeError('from a function')
        })
        seen.call('throws', () => [...database.prepare('SELECT fail()').iterate()])
      }))

    it('has the same transactions', () =>
      same((database, seen) => {
        const insert = database.prepare('INSERT INTO items VALUES (?, ?)')
        const add = database.transaction((ids: number[]) => {
          for (const id of ids) insert.run(id, 'x')
          return ids.length
        })
        seen.note('committed', add([10, 11]))
        seen.call('rolled back', () => add.immediate([12, 1]))
        seen.note('count', database.prepare('SELECT count(*) AS n FROM items').get())
        seen.note('the database of it', (add as { database?: unknown }).database === database)
      }))

    it('looks the same', () =>
      same((database, seen) => {
        const statement = database.prepare('SELECT 1')
        seen.note('keys of the database', Object.keys(database))
        seen.note('keys of a statement', Object.keys(statement))
        seen.note('class', statement.constructor.name)
        seen.note('a database', database instanceof Database)
        seen.note('statement', statement)
        seen.note('its database', statement.database === database)
        seen.note('its text', statement.source)
        seen.note('itself', statement.pluck(false) === statement)
      }))
  },
)

describe.skipIf(OfNode === undefined).each(Object.entries(places))(
  'a database of node:sqlite that is observed, %s',
  (_name, place) => {
    async function same(script: Script<NodeDatabase>): Promise<void> {
      if (OfNode === undefined) throw new Error('skipped')
      const bare = new OfNode(':memory:')
      const observed = observeNodeSqlite(new OfNode(':memory:'))
      onTestFinished(() => {
        bare.close()
        observed.close()
      })
      for (const database of [bare, observed]) database.exec(TABLE)
      await place(() => expectSame({ bare, observed }, script))
    }

    it('gives the same results, errors and order', () =>
      same((database, seen) => {
        const statement = database.prepare('SELECT * FROM items WHERE id >= ?')
        seen.note('get', statement.get(2))
        seen.note('get of nothing', statement.get(99))
        seen.note('all', statement.all(1))
        seen.note('run', database.prepare('INSERT INTO items VALUES (NULL, ?)').run('d'))
        for (const row of statement.iterate(1)) seen.note('row', row)
        for (const row of statement.iterate(1)) {
          seen.note('only row', row)
          break
        }
        seen.call('unique', () => database.prepare('INSERT INTO items VALUES (1, 1)').run())
        seen.call('syntax', () => database.prepare('SELEC 1'))
        seen.call('no text', () => database.exec(5 as never))
        seen.call('wrong receiver', () => Reflect.apply(statement.get, {}, []))
        seen.note('class', statement.constructor.name)
        seen.note('keys', Object.keys(statement))
        seen.note('text', statement.sourceSQL)
        expect(statement.expandedSQL).toBeTypeOf('string')
      }))
  },
)
