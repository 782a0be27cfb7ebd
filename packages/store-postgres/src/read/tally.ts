import type { ResolvedTally, Tally, TallyItem } from '@fastify-scs/store/adapter'
import type { Session, Statement } from '../database.js'
import { columnOf } from '../schema/columns.js'
import { millisecondsOf } from '../schema/day.js'
import { conditionsOf } from './find.js'

/** Counts records by a field. */
export async function tallyRows(
  { run }: Session,
  table: string,
  query: ResolvedTally,
): Promise<Tally> {
  const { text, values } = tallyStatement(table, query)
  const { rows } = await run<TallyItem & { readonly total: number }>(text, values)
  const items = rows.map(({ value, count, lastAt }) => ({ value, count, lastAt }))
  return { items, total: rows[0]?.total ?? 0 }
}

/** The statement of a tally. */
export function tallyStatement(table: string, { by, filter, limit }: ResolvedTally): Statement {
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const column = columnOf(by)
  const conditions = [...conditionsOf(filter, bind), `${column} IS NOT NULL`]
  return {
    text: `
      SELECT value::text, count, total, ${millisecondsOf('last')} AS "lastAt" FROM (
        SELECT ${column} AS value, count(*)::float8 AS count, sum(count(*)) OVER ()::float8 AS total,
          max(created_at) AS last
        FROM ${table} WHERE ${conditions.join(' AND ')} GROUP BY ${column}
      ) AS counted
      ORDER BY count DESC, value::text COLLATE "C" LIMIT ${bind(limit)}`,
    values,
  }
}
