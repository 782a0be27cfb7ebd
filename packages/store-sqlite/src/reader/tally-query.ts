import type { BucketQuery, RecordKind, ResolvedTally, TallyField } from '@fastify-scs/store/adapter'
import { addKeys, addTimes, Conditions, KEY_SQL, ORIGIN_KEYS, type Query } from './conditions.js'
import { inTimeSql } from './deadline.js'
import { tables } from './query.js'

/** The column that records are counted by; `type` is the type of an audit event, its fingerprint. */
export function columnOf(by: TallyField): string {
  if (by === 'status') return 'status'
  if (by === 'statusCode') return 'status_code'
  return by === 'type' ? KEY_SQL.fingerprint : KEY_SQL[by]
}

/** The query for how many records have each value, those with the most first. */
export function tallyQuery(kind: RecordKind, { by, filter }: ResolvedTally): Query {
  const conditions = new Conditions()
  conditions.add(inTimeSql(`${kind}.rowid`))
  const column = columnOf(by)
  conditions.add(`+${column} IS NOT NULL`)
  addKeys(conditions, filter, 'time')
  addTimes(conditions, filter, 'created_at')
  return {
    sql: `SELECT ${column} AS value, count(*) AS count, max(created_at) AS lastAt
      FROM ${tables(kind)} ${conditions.where} GROUP BY +${column}`,
    values: conditions.values,
  }
}

/** The query for what buckets count. Without other keys the index on the time has all of its columns. */
export function bucketQuery(kind: RecordKind, query: BucketQuery): Query {
  const { from, to, by, service, status, fingerprint, route } = query
  const conditions = new Conditions()
  conditions.add(inTimeSql(`${kind}.rowid`))
  for (const [column, value] of Object.entries({ service, status, fingerprint, route }))
    if (value !== undefined) conditions.add(`+${column} = ?`, value)
  addTimes(conditions, { from, to, after: undefined }, 'created_at')
  const value = by === undefined ? 'coalesce(status, level)' : columnOf(by)
  const isByOrigin = route !== undefined || (by !== undefined && ORIGIN_KEYS.has(by))
  return {
    sql: `SELECT created_at AS createdAt, ${value} AS value, duration_ms AS durationMs
      FROM ${isByOrigin ? tables(kind) : kind} ${conditions.where}`,
    values: conditions.values,
  }
}
