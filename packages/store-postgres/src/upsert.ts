import { COLUMNS, type StoredRow } from './columns.js'
import type { Statement } from './database.js'

const REPLACED = COLUMNS.filter(({ field }) => field !== 'createdAt' && field !== 'id')
  .map(({ name }) => `${name} = excluded.${name}`)
  .join(', ')

/** SQL that tells when a row replaces the one that is there; that one is locked in any case. */
export const REPLACES = {
  whenNewer: 'kept.revision < excluded.revision',
  always: 'true',
  never: 'false',
} as const

/**
 * One statement for any number of rows: an array for each column in which one of them has something. Why not COPY:
 * docs/decisions/postgres.md.
 */
export function upsertInto(
  table: string,
  rows: readonly StoredRow[],
  replaces: (typeof REPLACES)[keyof typeof REPLACES],
): Statement {
  const columns = COLUMNS.filter(({ field }) => rows.some((row) => (row[field] ?? null) !== null))
  const names = columns.map(({ name }) => name).join(', ')
  const made = columns.map((column) => column.made).join(', ')
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ')
  return {
    text: `
      INSERT INTO ${table} AS kept (${names})
      SELECT ${made} FROM unnest(${arrays}) AS given (${names})
      ON CONFLICT (id, created_at) DO UPDATE SET ${REPLACED} WHERE ${replaces}`,
    values: columns.map(({ arrayOf }) => arrayOf(rows)),
  }
}
