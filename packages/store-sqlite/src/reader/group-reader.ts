import type {
  FoundGroup,
  KeptGroup,
  Release,
  ResolvedGroupFilter,
} from '@fastify-scs/store/adapter'
import type { Connection } from '../driver/driver.js'
import { GROUP_SQL, RELEASES_SQL } from '../file/group-sql.js'
import { Conditions, type Query } from './conditions.js'

const ORDER_COLUMNS = {
  lastSeen: 'last_seen_at',
  firstSeen: 'first_seen_at',
  occurrences: 'occurrences',
} as const

/** Reads groups of like reports and releases. */
export class GroupReader {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  find(filter: ResolvedGroupFilter): readonly FoundGroup[] {
    const { sql, values } = groupsQuery(filter)
    const groups = this.#connection.prepare(sql).all(...values) as KeptGroup[]
    const users = this.#connection.prepare(
      'SELECT count(*) AS users FROM group_users WHERE fingerprint = ?',
    )
    const sample = this.#connection.prepare(
      'SELECT id FROM reports WHERE fingerprint = ? ORDER BY created_at DESC, id DESC LIMIT 1',
    )
    return groups.map((group) => {
      const { fingerprint } = group
      const newest = sample.get(fingerprint) as { id: string } | undefined
      return {
        ...group,
        ...(users.get(fingerprint) as { users: number }),
        sampleId: newest?.id ?? null,
        counts: this.#countsOf(fingerprint, filter.counts),
      }
    })
  }

  releases(limit: number): readonly Release[] {
    return this.#connection.prepare(RELEASES_SQL).all(limit) as Release[]
  }

  #countsOf(fingerprint: string, span: ResolvedGroupFilter['counts']): FoundGroup['counts'] {
    if (span === undefined) return []
    const { from, to, bucketMs } = span
    const hours = this.#connection
      .prepare(`SELECT hour, occurrences FROM group_hours
        WHERE fingerprint = ? AND hour >= ? AND hour < ? ORDER BY hour`)
      .all(fingerprint, from, to) as { hour: number; occurrences: number }[]
    const counts = new Map<number, number>()
    for (const { hour, occurrences } of hours) {
      const at = from + Math.floor((hour - from) / bucketMs) * bucketMs
      counts.set(at, (counts.get(at) ?? 0) + occurrences)
    }
    return [...counts].map(([at, count]) => ({ at, count }))
  }
}

/** The query for groups that match, in the filter's order. */
export function groupsQuery(filter: ResolvedGroupFilter): Query {
  const { fingerprint, statuses, kinds, firstRelease, assignee, text } = filter
  const conditions = new Conditions()
  const isOneOf = (sql: string, given: readonly string[]): void =>
    conditions.add(`${sql} IN (${given.map(() => '?').join(', ')})`, ...given)
  if (fingerprint !== undefined) conditions.add('report_groups.fingerprint = ?', fingerprint)
  if (statuses !== undefined) isOneOf(`coalesce(status, 'open')`, statuses)
  if (kinds !== undefined) isOneOf('kind', kinds)
  if (firstRelease !== undefined) conditions.add('first_release = ?', firstRelease)
  if (assignee !== undefined) conditions.add('assignee = ?', assignee)
  // Where nobody has given a title it is the fingerprint.
  if (text !== undefined)
    conditions.add('instr(coalesce(search_title, lower(report_groups.fingerprint)), ?) > 0', text)
  if (filter.seenFrom !== undefined) conditions.add('last_seen_at >= ?', filter.seenFrom)
  if (filter.newFrom !== undefined) conditions.add('first_seen_at >= ?', filter.newFrom)
  const column = ORDER_COLUMNS[filter.order]
  if (filter.after !== undefined) {
    const { value, fingerprint: last } = filter.after
    conditions.add(`(${column}, report_groups.fingerprint) < (?, ?)`, value, last)
  }
  const sql = `${GROUP_SQL} ${conditions.where}
    ORDER BY ${column} DESC, report_groups.fingerprint DESC LIMIT ?`
  return { sql, values: [...conditions.values, filter.limit] }
}
