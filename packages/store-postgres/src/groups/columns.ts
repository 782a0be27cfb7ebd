import type { KeptGroup } from '@fastify-scs/store/adapter'
import { millisecondsOf, timestampOf } from '../schema/day.js'

interface GroupColumn {
  readonly name: string
  /** The name in SQL of its type. */
  readonly type: 'text' | 'bigint' | 'timestamptz'
  /** The SQL that reads it, if not its name. */
  readonly read?: string
}

const COLUMNS: { readonly [Field in keyof KeptGroup]: GroupColumn } = {
  fingerprint: text('fingerprint'),
  occurrences: count('occurrences'),
  firstSeenAt: time('first_seen_at'),
  lastSeenAt: time('last_seen_at'),
  streak: count('streak'),
  dueAt: count('due_at'),
  suppressed: count('suppressed'),
  status: text('status'),
  // The version before gives none.
  title: { ...text('title'), read: 'coalesce(title, fingerprint)' },
  kind: text('kind'),
  firstRelease: text('first_release'),
  lastRelease: text('last_release'),
  resolvedIn: text('resolved_in'),
  resolvedAt: time('resolved_at'),
  mutedUntil: time('muted_until'),
  mutedUntilOccurrences: count('muted_until_occurrences'),
  reason: text('reason'),
  assignee: text('assignee'),
  note: text('note'),
  revision: count('revision'),
  changedAt: time('changed_at'),
  changedBy: text('changed_by'),
}

const FIELDS = Object.keys(COLUMNS) as (keyof KeptGroup)[]

/** The SQL that reads a group as a `KeptGroup`. */
export const KEPT_GROUP: string = FIELDS.map((field) => {
  const { name, read = name } = COLUMNS[field]
  return `${read} AS "${field}"`
}).join(', ')

/** Everything but the name of the group. */
const CHANGED = [
  ...FIELDS.filter((field) => field !== 'fingerprint').map((field) => COLUMNS[field].name),
  'search_title',
]

/** The statement that stores groups that are locked. */
export function keepGroups(table: string, groups: readonly KeptGroup[]) {
  const columns = [...FIELDS.map((field) => COLUMNS[field]), text('search_title')]
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`)
  return {
    text: `
      UPDATE ${table} AS kept SET ${CHANGED.map((name) => `${name} = given.${name}`).join(', ')}
      FROM unnest(${arrays.join(', ')}) AS given (${columns.map(({ name }) => name).join(', ')})
      WHERE kept.fingerprint = given.fingerprint`,
    values: [
      ...FIELDS.map((field) => groups.map((group) => sent(COLUMNS[field], group[field]))),
      groups.map(({ title }) => title.toLowerCase()),
    ],
  }
}

function sent({ type }: GroupColumn, value: string | number | null): string | number | null {
  return typeof value === 'number' && type === 'timestamptz' ? timestampOf(value) : value
}

function text(name: string): GroupColumn {
  return { name, type: 'text' }
}

function count(name: string): GroupColumn {
  return { name, type: 'bigint', read: `${name}::float8` }
}

function time(name: string): GroupColumn {
  return { name, type: 'timestamptz', read: millisecondsOf(name) }
}
