import type { BucketQuery, RecordKind, ResolvedFilter } from '@fastify-scs/store/adapter'
import { addKeys, addTimes, Conditions, ORIGIN_KEYS, type Query, type Way } from './conditions.js'
import { inTimeSql } from './deadline.js'
import { besideOf, tables } from './query.js'
import { columnOf } from './tally-query.js'

const KEYS = ['service', 'fingerprint', 'route'] as const

/** What buckets ask for, as a filter of records. */
export function bucketFilter(query: BucketQuery): ResolvedFilter {
  const { from, to, status } = query
  const equal = KEYS.flatMap((key) => {
    const value = query[key]
    return value === undefined ? [] : [[key, value] as const]
  })
  const others = { statusCode: undefined, urlPrefix: undefined, text: undefined, words: [] }
  const statuses = status === undefined ? undefined : [status]
  return { ...others, equal, statuses, notStatuses: [], from, to, after: undefined, limit: 0 }
}

/** The query for each record that buckets count. */
export function bucketQuery(kind: RecordKind, query: BucketQuery, way: Way = 'time'): Query {
  const { source, values } = sourceOf(kind, query, way)
  const columns = `created_at AS createdAt, ${countedSql(query)} AS value, duration_ms AS durationMs`
  return { sql: `SELECT ${columns} ${source}`, values }
}

/** The query for how many records each value has, all within the time of the query. */
export function countQuery(kind: RecordKind, query: BucketQuery, way: Way = 'time'): Query {
  const { source, values } = sourceOf(kind, query, way)
  const value = countedSql(query)
  // The + keeps SQLite from an index of the value, which is not bounded by the time.
  return { sql: `SELECT ${value} AS value, count(*) AS count ${source} GROUP BY +${value}`, values }
}

function countedSql({ by }: BucketQuery): string {
  return by === undefined ? 'coalesce(status, level)' : columnOf(by)
}

function sourceOf(kind: RecordKind, query: BucketQuery, way: Way) {
  const isByOrigin = ORIGIN_KEYS.has(way)
  const conditions = new Conditions()
  conditions.add(inTimeSql(isByOrigin ? 'origin.record' : `${kind}.rowid`))
  const filter = bucketFilter(query)
  addKeys(conditions, filter, way)
  addTimes(conditions, filter, isByOrigin ? 'made_at' : 'created_at')
  const from = tables(kind, way, besideOf(filter, query.by))
  return { source: `FROM ${from} ${conditions.where}`, values: conditions.values }
}
