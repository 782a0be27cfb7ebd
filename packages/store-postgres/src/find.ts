import {
  FilterError,
  type FoundRecord,
  fromRow,
  type RecordFilter,
  type RecordKind,
  type RecordPage,
  type RecordRow,
  type ResolvedFilter,
  resolveFilter,
  writeCursor,
} from '@fastify-scs/store/adapter'
import { COLUMNS, columnOf } from './columns.js'
import type { Session, Statement } from './database.js'
import { CREATED_AT_MS, timestampOf } from './day.js'

type FoundRow = Omit<RecordRow, 'searchText'>

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Columns that are read in a way of their own; the data as text for `fromRow`: the driver would parse json itself. */
const READ_AS: { readonly [column: string]: string } = {
  created_at: CREATED_AT_MS,
  data: 'data::text',
}

const SELECTED = COLUMNS.filter(({ field }) => field !== 'searchText')
  .map(({ field, name }) => `${READ_AS[name] ?? name} AS "${field}"`)
  .join(', ')

/** The statement of a page, which asks for one row more than the page has. @throws FilterError */
export function pageStatement(table: string, filter: ResolvedFilter): Statement {
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions = filter.equal.map(([key, value]): string => `${columnOf(key)} = ${bind(value)}`)
  const { statusCode, from, to, text, after, limit } = filter
  if (statusCode !== undefined) {
    conditions.push(
      `status_code BETWEEN ${bind(codeOf(statusCode.from))} AND ${bind(codeOf(statusCode.to))}`,
    )
  }
  if (from !== undefined) conditions.push(`created_at >= ${bind(timestampOf(from))}`)
  if (to !== undefined) conditions.push(`created_at < ${bind(timestampOf(to))}`)
  if (text !== undefined) conditions.push(`strpos(search_text, ${bind(text)}) > 0`)
  if (after !== undefined) {
    if (!UUID.test(after.id))
      throw new FilterError('cursor', 'nextCursor of the page before', after.id)
    const at = bind(timestampOf(after.createdAt))
    // The first part says nothing more, and is what leaves the partitions of later days out.
    conditions.push(`created_at <= ${at} AND (created_at, id) < (${at}, ${bind(after.id)})`)
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const order = `ORDER BY created_at DESC, id DESC LIMIT ${bind(limit + 1)}`
  return { text: `SELECT ${SELECTED} FROM ${table} ${where} ${order}`, values }
}

/** Finds one page. */
export async function findPage(
  session: Session,
  quotedSchema: string,
  kind: RecordKind,
  filter: RecordFilter,
): Promise<RecordPage> {
  const resolved = resolveFilter(filter)
  const { text, values } = pageStatement(`${quotedSchema}.${kind}`, resolved)
  const { rows } = await session.run<FoundRow>(text, values)
  const page = rows.slice(0, resolved.limit)
  const items = page.map((row) => fromRow(kind, row))
  const last = page.at(-1)
  if (last === undefined || rows.length <= resolved.limit) return { items }
  return { items, nextCursor: writeCursor(last) }
}

/** Finds one record. */
export async function getRecord(
  session: Session,
  quotedSchema: string,
  kind: RecordKind,
  id: string,
): Promise<FoundRecord | undefined> {
  if (!UUID.test(id)) return undefined
  const { rows } = await session.run<FoundRow>(
    `SELECT ${SELECTED} FROM ${quotedSchema}.${kind} WHERE id = $1`,
    [id],
  )
  return rows[0] === undefined ? undefined : fromRow(kind, rows[0])
}

/** Within the column's range: a code beyond it is no record's. */
function codeOf(code: number): number {
  return Math.min(Math.max(code, -1), 2_147_483_647)
}
