import type { StoreFinding } from '@fastify-scs/store'
import type { Session } from '../database.js'
import type { Target } from '../target.js'

/** Clocks that differ by more than this are worth a word, in milliseconds: records of several machines are in a wrong order. */
const CLOCK_MS = 1_000
/** By more than this, new records seem to be old or in the future. */
const BAD_CLOCK_MS = 60_000
/** The share of the server's connections above which a new one may be refused soon. */
const BUSY_SHARE = 0.9
/** What a service does with each of its tables. */
const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const

/** Which server answers, to whom. */
export async function serverFinding({ run }: Session, { place }: Target): Promise<StoreFinding> {
  const { rows } = await run<{ version: string; user: string; bytes: string }>(
    `SELECT current_setting('server_version') AS version, current_user AS user,
       pg_size_pretty(pg_database_size(current_database())) AS bytes`,
  )
  const { version = '', user = '', bytes = '' } = rows[0] ?? {}
  const says = `PostgreSQL ${version} at ${place} answers to ${user}; the database has ${bytes}`
  return { what: 'server', state: 'good', says }
}

/** How far this machine's clock is from the server's. */
export async function clockFinding({ run }: Session): Promise<StoreFinding> {
  const before = Date.now()
  const { rows } = await run<{ now: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
  )
  const differenceMs = Math.round((before + Date.now()) / 2 - (rows[0]?.now ?? before))
  const away = Math.abs(differenceMs)
  const says = `this machine is ${away} ms ${differenceMs < 0 ? 'behind' : 'ahead of'} the server`
  if (away <= CLOCK_MS) return { what: 'clock', state: 'good', says }
  return {
    what: 'clock',
    state: away > BAD_CLOCK_MS ? 'bad' : 'warning',
    says,
    fix: 'Set the clocks by NTP: records are ordered by the clock of the machine that made them.',
  }
}

/** How many connections are left. */
export async function connectionsFinding({ run }: Session): Promise<StoreFinding> {
  const { rows } = await run<{ used: number; most: number }>(
    `SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int AS used,
       current_setting('max_connections')::int AS most`,
  )
  const { used = 0, most = 1 } = rows[0] ?? {}
  const says = `${used} of ${most} are in use`
  if (used / most < BUSY_SHARE) return { what: 'connections', state: 'good', says }
  return {
    what: 'connections',
    state: 'warning',
    says,
    fix: 'Raise max_connections, put PgBouncer before the server, or lower poolSize of the services.',
  }
}

/** Whether this user may do what a service does. */
export async function rightsFinding(
  { run }: Session,
  { schema, user }: Target,
): Promise<StoreFinding> {
  const what = 'permissions'
  const { rows } = await run<{ table: string; missing: string[]; make: boolean }>(
    `SELECT relname AS table, has_schema_privilege(current_user, $1, 'CREATE') AS make,
       ARRAY(SELECT right_name FROM unnest($2::text[]) right_name
         WHERE NOT has_table_privilege(current_user, pg_class.oid, right_name)) AS missing
     FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = $1 AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname`,
    [schema, [...RIGHTS]],
  )
  const lacking = rows.filter(({ missing }) => missing.length > 0)
  if (lacking.length > 0) {
    const says = `the user lacks ${lacking.map(({ table, missing }) => `${missing.join(', ')} on ${table}`).join('; ')}`
    const fix = `A service needs them: make "${user}" the owner of the schema "${schema}" and its tables. Reading needs SELECT only.`
    return { what, state: 'warning', says, fix }
  }
  if (rows.some(({ make }) => !make))
    return {
      what,
      state: 'warning',
      says: `the user may not make tables in the schema "${schema}"`,
      fix: `A service makes a table for each day: GRANT CREATE ON SCHEMA "${schema}" TO "${user}".`,
    }
  return { what, state: 'good', says: 'the user may read and write all tables, and make new ones' }
}
