import type { StoreFinding } from '@fastify-scs/store'
import { RECORD_KINDS } from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'

/** What is named of many: the first ones. */
const NAMED = 5

/** Whether the file is whole and all rows can be read, and what waits for somebody. Reads all of it. */
export function* wholeFindings(connection: Connection): Generator<StoreFinding> {
  yield integrity(connection)
  for (const kind of RECORD_KINDS) yield rowsOf(connection, kind)
  yield deadLetters(connection)
}

function integrity(connection: Connection): StoreFinding {
  const what = 'integrity'
  const rows = connection.prepare(`PRAGMA integrity_check(${NAMED})`).all()
  const said = rows.map((row) => String(Object.values(row as object)[0]))
  if (said.length === 1 && said[0] === 'ok')
    return { what, state: 'good', says: 'SQLite finds the file whole' }
  return {
    what,
    state: 'bad',
    says: `SQLite says: ${said.join('; ')}`,
    fix: 'Stop the service, copy the file, and restore a backup, or save what can be read by "sqlite3 file .recover".',
  }
}

function rowsOf(connection: Connection, kind: string): StoreFinding {
  // Of a text that is no JSON, SQLite refuses to tell the type.
  const broken = `CASE WHEN json_valid(data) THEN json_type(data) <> 'object' ELSE 1 END`
  const { total, wrong } = connection
    .prepare(`SELECT count(*) AS total, ifnull(sum(${broken}), 0) AS wrong FROM ${kind}`)
    .get() as { total: number; wrong: number }
  if (wrong === 0) return { what: kind, state: 'good', says: `all ${total} rows can be read` }
  const ids = connection
    .prepare(`SELECT id FROM ${kind} WHERE ${broken} LIMIT ${NAMED}`)
    .all()
    .map((row) => (row as { id: string }).id)
  return {
    what: kind,
    state: 'bad',
    says: `${wrong} of ${total} rows hold no JSON object: ${ids.join(', ')}`,
    fix: 'Something else has written to the file. Delete these rows, or restore a backup.',
  }
}

function deadLetters(connection: Connection): StoreFinding {
  const what = 'dead letters'
  const rows = connection
    .prepare(`SELECT kind, reason, count(*) AS count FROM dead_letters
      GROUP BY kind, reason ORDER BY count(*) DESC LIMIT ${NAMED}`)
    .all() as { kind: string; reason: string; count: number }[]
  if (rows.length === 0) return { what, state: 'good', says: 'no record was refused' }
  return {
    what,
    state: 'warning',
    says: rows.map(({ kind, reason, count }) => `${count} of ${kind}: ${reason}`).join('; '),
    fix: 'They are records that the database refused. Correct what makes them; retention removes them with the other records.',
  }
}
