import type { Session } from './database.js'

/**
 * Whether a table is there at this moment. Not by to_regclass, which may answer from before the transaction waited
 * for an advisory lock, during which another instance made the table.
 */
export async function isThere(session: Session, schema: string, table: string): Promise<boolean> {
  const { rowCount } = await session.run(
    `SELECT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = $1 AND relname = $2`,
    [schema, table],
  )
  return rowCount === 1
}
