import type { EqualKey, FoundRow, ResolvedFilter } from '@fastify-scs/store/adapter'
import type { Session, Statement } from '../database.js'
import { COLUMNS, columnOf, type StoredRow } from '../schema/columns.js'
import { CREATED_AT_MS, timestampOf } from '../schema/day.js'

/** Columns that are not read as they are. The data is read as text, as a row has it: the driver would parse json itself. */
const READ_AS: { readonly [column: string]: string } = {
  created_at: CREATED_AT_MS,
  data: 'data::text',
  stamps: 'stamps::text',
}

/** Columns that are only searched, and not read. */
const DERIVED: ReadonlySet<string> = new Set([
  'searchText',
  'method',
  'direction',
  'bodyWords',
] satisfies (keyof StoredRow)[])

/**
 * Reads the data where a column is empty: rows that the version before wrote, or still writes, have none of these. An OR and a CASE, so
 * that the planner uses the column's statistics, and does not take a condition on JSON for one that few records meet.
 */
const IN_DATA: { readonly [key: string]: (value: string) => string } = {
  method: (value) => `CASE json_typeof(data->'method')
    WHEN 'string' THEN upper(data->>'method') = ${value} END`,
  direction: (value) => `CASE json_typeof(data->'isRemoteRequest')
    WHEN 'boolean' THEN CASE data->>'isRemoteRequest' WHEN 'true' THEN 'out' ELSE 'in' END = ${value} END`,
}

function equality(key: EqualKey, value: string): string {
  const column = columnOf(key)
  const inData = IN_DATA[key]?.(value)
  const isEqual = `${column} = ${value}`
  return inData === undefined ? isEqual : `(${isEqual} OR (${column} IS NULL AND ${inData}))`
}

/** The columns that a row is read by, as a `FoundRow`. */
export const SELECTED: string = COLUMNS.filter(({ field }) => !DERIVED.has(field))
  .map(({ field, name }) => `${READ_AS[name] ?? name} AS "${field}"`)
  .join(', ')

/** The statement of a page. */
export function pageStatement(table: string, filter: ResolvedFilter): Statement {
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = conditionsOf(filter, bind)
  const order = (at: string) => `ORDER BY ${at} DESC, id DESC LIMIT ${bind(filter.limit)}`
  const select = (...more: readonly string[]) => {
    const all = [...conditions, ...more]
    const where = all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`
    return `SELECT ${SELECTED} FROM ${table} ${where} ${order('created_at')}`
  }
  const { text, words } = filter
  if (text === undefined) return { text: select(), values }
  const place = `strpos(search_text, ${bind(text)})`
  if (words.length === 0) return { text: select(`${place} > 0`), values }
  // Two selects, or no index could be used for the words.
  const bySummary = select(`${place} > 0`)
  const byBodies = select(`body_words @> ${bind(words)}::text[]`, `coalesce(${place}, 0) = 0`)
  const either = `SELECT * FROM ((${bySummary}) UNION ALL (${byBodies})) AS found`
  return { text: `${either} ${order('"createdAt"')}`, values }
}

/** What a row must meet, but for `text`. */
export function conditionsOf(filter: ResolvedFilter, bind: (value: unknown) => string): string[] {
  const conditions = filter.equal.map(([key, value]) => equality(key, bind(value)))
  const { statuses, notStatuses, statusCode, urlPrefix, from, to, after } = filter
  const [onlyStatus, ...others] = statuses ?? []
  if (onlyStatus !== undefined && others.length === 0)
    conditions.push(`status = ${bind(onlyStatus)}`)
  else if (statuses !== undefined) conditions.push(`status = ANY (${bind(statuses)}::text[])`)
  if (notStatuses.length > 0)
    conditions.push(`(status IS NULL OR status <> ALL (${bind(notStatuses)}::text[]))`)
  if (statusCode !== undefined) {
    conditions.push(
      `status_code BETWEEN ${bind(codeOf(statusCode.from))} AND ${bind(codeOf(statusCode.to))}`,
    )
  }
  // From the data: a column of its own would make each record a fifth larger. A CASE, which the planner takes to be true for half of
  // the records: else it would read and sort all of them for a page. To look for the text is half the work of reading the JSON.
  if (urlPrefix !== undefined)
    conditions.push(`CASE WHEN strpos(data::text, ${bind(jsonBeginning(urlPrefix))}) > 0
        AND starts_with(data->>'url', ${bind(urlPrefix)})
      THEN json_typeof(data->'url') = 'string' END`)
  if (from !== undefined) conditions.push(`created_at >= ${bind(timestampOf(from))}`)
  if (to !== undefined) conditions.push(`created_at < ${bind(timestampOf(to))}`)
  if (after !== undefined) {
    const at = bind(timestampOf(after.createdAt))
    // The first part is redundant, but excludes the partitions of later days.
    conditions.push(`created_at <= ${at} AND (created_at, id) < (${at}, ${bind(after.id)})`)
  }
  return conditions
}

/** Finds the rows of a page. */
export async function findRows(
  { run }: Session,
  table: string,
  query: ResolvedFilter,
): Promise<readonly FoundRow[]> {
  const { text, values } = pageStatement(table, query)
  const { rows } = await run<FoundRow>(text, values)
  return rows
}

/** Finds the row of one record. */
export async function getRow(
  { run }: Session,
  table: string,
  id: string,
): Promise<FoundRow | undefined> {
  const { rows } = await run<FoundRow>(`SELECT ${SELECTED} FROM ${table} WHERE id = $1`, [id])
  return rows[0]
}

/** How a JSON text begins that begins so; `JSON.stringify` has written the data. */
function jsonBeginning(text: string): string {
  return JSON.stringify(text).slice(0, -1)
}

/** Within the column's range; no record has a code beyond it. */
function codeOf(code: number): number {
  return Math.min(Math.max(code, -1), 2_147_483_647)
}
