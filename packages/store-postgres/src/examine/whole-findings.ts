import type { StoreFinding } from '@fastify-scs/store'
import { RECORD_KINDS } from '@fastify-scs/store/adapter'
import type { Target } from '../target.js'
import type { Ask } from './ask.js'

/** What is named of many: the first ones. */
const NAMED = 5

/** Whether all rows can be read, all indexes are whole, and what waits for somebody. Reads all of it. */
export async function* wholeFindings(ask: Ask, target: Target): AsyncGenerator<StoreFinding> {
  yield await indexes(ask, target)
  for (const kind of RECORD_KINDS) yield await rowsOf(ask, target, kind)
  yield await deadLetters(ask, target)
}

async function indexes(ask: Ask, { schema }: Target): Promise<StoreFinding> {
  const what = 'indexes'
  const { rows } = await ask(({ run }) =>
    run<{ name: string }>(
      `SELECT indexrelid::regclass::text AS name FROM pg_index
         JOIN pg_class ON pg_class.oid = indexrelid
       WHERE NOT indisvalid AND relkind = 'i' AND relnamespace = $1::regnamespace ORDER BY 1 LIMIT $2`,
      [schema, NAMED],
    ),
  )
  if (rows.length === 0) return { what, state: 'good', says: 'all of them are whole' }
  const says = `some were not finished: ${rows.map(({ name }) => name).join(', ')}`
  return { what, state: 'bad', says, fix: 'REINDEX each of them.' }
}

/** The server checks that it is JSON as it is written; to make a text of it reads all pages, and their checksums. */
async function rowsOf(ask: Ask, { quotedSchema }: Target, kind: string): Promise<StoreFinding> {
  try {
    const { rows } = await ask(({ run }) =>
      run<{ total: number; wrong: number }>(
        `SELECT count(*)::float8 AS total,
           count(*) FILTER (WHERE json_typeof(data) <> 'object' OR length(data::text) < 2)::float8 AS wrong
         FROM ${quotedSchema}.${kind}`,
      ),
    )
    const { total = 0, wrong = 0 } = rows[0] ?? {}
    if (wrong === 0) return { what: kind, state: 'good', says: `all ${total} rows can be read` }
    const says = `${wrong} of ${total} rows hold no JSON object`
    const fix = 'Something else has written to the table. Delete these rows, or restore a backup.'
    return { what: kind, state: 'bad', says, fix }
  } catch (error) {
    const says = `the table cannot be read: ${error instanceof Error ? error.message : error}`
    return {
      what: kind,
      state: 'bad',
      says,
      fix: 'Look into the log of the server; restore a backup.',
    }
  }
}

async function deadLetters(ask: Ask, { quotedSchema }: Target): Promise<StoreFinding> {
  const what = 'dead letters'
  const { rows } = await ask(({ run }) =>
    run<{ kind: string; reason: string; count: number }>(
      `SELECT kind, reason, count(*)::float8 AS count FROM ${quotedSchema}.dead_letters
       GROUP BY kind, reason ORDER BY count(*) DESC LIMIT $1`,
      [NAMED],
    ),
  )
  if (rows.length === 0) return { what, state: 'good', says: 'no record was refused' }
  return {
    what,
    state: 'warning',
    says: rows.map(({ kind, reason, count }) => `${count} of ${kind}: ${reason}`).join('; '),
    fix: 'They are records that the database refused. Correct what makes them; retention removes them with the other records.',
  }
}
