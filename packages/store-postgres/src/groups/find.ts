import type { FoundGroup, ResolvedGroupFilter, StoredGroup } from '@fastify-scs/store/adapter'
import type { Session, Statement } from '../database.js'
import { millisecondsOf, timestampOf } from '../schema/day.js'
import { KEPT_GROUP } from './columns.js'

const ORDERED_BY = {
  lastSeen: 'last_seen_at',
  firstSeen: 'first_seen_at',
  occurrences: 'occurrences',
} as const

/** Finds the groups of a page, each with its newest report and its counts. */
export async function findGroups(
  session: Session,
  quotedSchema: string,
  query: ResolvedGroupFilter,
): Promise<readonly FoundGroup[]> {
  const { text, values } = groupsStatement(quotedSchema, query)
  const { rows } = await session.run<StoredGroup & { readonly sampleId: string | null }>(
    text,
    values,
  )
  const counts = await countsOf(
    session,
    quotedSchema,
    rows.map(({ fingerprint }) => fingerprint),
    query.counts,
  )
  return rows.map((row) => ({ ...row, counts: counts.get(row.fingerprint) ?? [] }))
}

/** The statement of a page. The table is read as a whole and sorted: an index of a time would change with each count. */
export function groupsStatement(quotedSchema: string, query: ResolvedGroupFilter): Statement {
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const by = ORDERED_BY[query.order]
  const conditions = conditionsOf(query, bind)
  const { after } = query
  if (after !== undefined) {
    const value = bind(by === 'occurrences' ? after.value : timestampOf(after.value))
    const last = bind(after.fingerprint)
    conditions.push(`(${by}, fingerprint COLLATE "C") < (${value}, ${last})`)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  // The page is made first, so that reports are looked up for its groups only.
  return {
    text: `
      SELECT found.*, (
        SELECT id FROM ${quotedSchema}.reports AS report
        WHERE report.fingerprint = found.fingerprint ORDER BY created_at DESC, id DESC LIMIT 1
      ) AS "sampleId"
      FROM (
        SELECT ${KEPT_GROUP}, users FROM ${quotedSchema}.report_groups ${where}
        ORDER BY ${by} DESC, fingerprint COLLATE "C" DESC LIMIT ${bind(query.limit)}
      ) AS found`,
    values,
  }
}

function conditionsOf(query: ResolvedGroupFilter, bind: (value: unknown) => string): string[] {
  const { fingerprint, statuses, kinds, firstRelease, assignee, text, seenFrom, newFrom } = query
  const conditions: string[] = []
  if (fingerprint !== undefined) conditions.push(`fingerprint = ${bind(fingerprint)}`)
  if (statuses !== undefined) conditions.push(`status = ANY (${bind(statuses)}::text[])`)
  if (kinds !== undefined) conditions.push(`kind = ANY (${bind(kinds)}::text[])`)
  if (firstRelease !== undefined) conditions.push(`first_release = ${bind(firstRelease)}`)
  if (assignee !== undefined) conditions.push(`assignee = ${bind(assignee)}`)
  // A group that only the version before has counted has no title.
  if (text !== undefined)
    conditions.push(`strpos(coalesce(search_title, lower(fingerprint)), ${bind(text)}) > 0`)
  if (seenFrom !== undefined) conditions.push(`last_seen_at >= ${bind(timestampOf(seenFrom))}`)
  if (newFrom !== undefined) conditions.push(`first_seen_at >= ${bind(timestampOf(newFrom))}`)
  return conditions
}

type Counts = FoundGroup['counts'][number][]

async function countsOf(
  { run }: Session,
  quotedSchema: string,
  fingerprints: readonly string[],
  span: ResolvedGroupFilter['counts'],
): Promise<ReadonlyMap<string, Counts>> {
  const counts = new Map<string, Counts>()
  if (span === undefined || fingerprints.length === 0) return counts
  const { from, to, bucketMs } = span
  const { rows } = await run<{ fingerprint: string; number: number; count: number }>(
    `SELECT fingerprint, floor((${millisecondsOf('hour')} - $4::float8) / $5::float8)::float8 AS number,
       sum(occurrences)::float8 AS count
     FROM ${quotedSchema}.group_hours
     WHERE fingerprint = ANY ($1::text[]) AND hour >= $2 AND hour < $3
     GROUP BY 1, 2 ORDER BY 2`,
    [fingerprints, timestampOf(from), timestampOf(to), from, bucketMs],
  )
  for (const { fingerprint, number, count } of rows) {
    const ofGroup = counts.get(fingerprint) ?? []
    counts.set(fingerprint, ofGroup)
    ofGroup.push({ at: from + number * bucketMs, count })
  }
  return counts
}
