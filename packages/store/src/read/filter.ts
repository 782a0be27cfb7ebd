import {
  beginningOf,
  nearestHint,
  RECORD_KINDS,
  type RecordFilter,
  type RecordKind,
  show,
} from '@fastify-scs/core/kit/plain'
import { FilterError } from '../errors.js'
import { isRecordId } from '../record/row.js'
import { storableText, wordsOf } from '../record/text.js'

/** Items of a page when no limit is given. */
export const DEFAULT_PAGE_ITEMS = 50

/** Items of a page at most. */
export const MAX_PAGE_ITEMS = 500

/** How far back a search for `text` looks when no `from` is given, in milliseconds: 7 days. */
export const TEXT_SEARCH_MS: number = 7 * 86_400_000

/** The fields of a filter that a record's key must be equal to. */
export type EqualKey =
  | 'service'
  | 'fingerprint'
  | 'level'
  | 'requestId'
  | 'key'
  | 'remoteId'
  | 'method'
  | 'direction'
  | 'referenceType'
  | 'referenceId'
  | 'user'
  | 'route'
  | 'release'
  | 'traceId'

/** A filter that is checked, with its defaults, in the one form that adapters are given. */
export interface ResolvedFilter {
  /** Keys and the values that they must be equal to. */
  readonly equal: readonly (readonly [key: EqualKey, value: string])[]
  /** One of these statuses; undefined for any, and for records without one. */
  readonly statuses: readonly string[] | undefined
  /** None of these statuses; may be empty. */
  readonly notStatuses: readonly string[]
  /** What the row's `url` begins with. */
  readonly urlPrefix: string | undefined
  /** Both ends included. */
  readonly statusCode: { readonly from: number; readonly to: number } | undefined
  /** Milliseconds since 1970, included. */
  readonly from: number | undefined
  /** Milliseconds since 1970, not included. */
  readonly to: number | undefined
  /** In lower case; the row's `searchText` must contain it, or its bodies all of `words`. */
  readonly text: string | undefined
  /** The words of `text`; empty when it has none, or when bodies are not searched: then no body matches. */
  readonly words: readonly string[]
  /** Only records that come after this one, in the order of a page. */
  readonly after: PageEdge | undefined
  /** Rows to return at most. */
  readonly limit: number
}

const PLAIN_KEYS = [
  'service',
  'fingerprint',
  'level',
  'requestId',
  'key',
  'remoteId',
  'user',
  'route',
  'release',
  'traceId',
] as const
const FIELDS: ReadonlySet<string> = new Set([
  ...PLAIN_KEYS,
  'status',
  'statusNot',
  'method',
  'direction',
  'urlPrefix',
  'statusCode',
  'reference',
  'from',
  'to',
  'text',
  'cursor',
  'limit',
])

/**
 * Checks a filter and fills in its defaults.
 *
 * @throws FilterError
 */
export function resolveFilter(filter: RecordFilter, nowMs: number = Date.now()): ResolvedFilter {
  checkFields(filter, FIELDS)
  const to = timeOf('to', filter.to)
  const text = textOf('text', filter.text)
  const from = timeOf('from', filter.from)
  return {
    equal: equalKeys(filter),
    statuses: textsOf('status', filter.status),
    notStatuses: textsOf('statusNot', filter.statusNot) ?? [],
    urlPrefix: storableOf('urlPrefix', filter.urlPrefix),
    statusCode: statusCodes(filter.statusCode),
    from: text === undefined ? from : (from ?? (to ?? nowMs) - TEXT_SEARCH_MS),
    to,
    text: text === undefined ? undefined : storableText(text).toLowerCase(),
    words: text === undefined ? [] : wordsOf(text),
    after: filter.cursor === undefined ? undefined : readCursor(filter.cursor),
    limit: limitOf(filter.limit, DEFAULT_PAGE_ITEMS, MAX_PAGE_ITEMS),
  }
}

function equalKeys(filter: RecordFilter): ResolvedFilter['equal'] {
  const { reference } = filter
  if (reference !== undefined && (typeof reference !== 'object' || reference === null)) {
    throw new FilterError('reference', '{ type, id }', show(reference))
  }
  const given: readonly (readonly [EqualKey, string, unknown])[] = [
    ...PLAIN_KEYS.map((key) => [key, key, filter[key]] as const),
    ['method', 'method', textOf('method', filter.method)?.toUpperCase()],
    ['direction', 'direction', directionOf(filter.direction)],
    ['referenceType', 'reference.type', reference?.type],
    ['referenceId', 'reference.id', reference?.id],
  ]
  return given.flatMap(([key, path, value]) => {
    const text = textOf(path, value)
    return text === undefined ? [] : [[key, storableText(text)] as const]
  })
}

/** A list that is empty finds nothing. */
function textsOf(field: string, given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined
  const texts: readonly unknown[] = Array.isArray(given) ? given : [given]
  return texts.map((text) => {
    if (typeof text === 'string') return storableText(text)
    throw new FilterError(field, 'a text or a list of texts', show(given))
  })
}

function directionOf(given: unknown): unknown {
  if (given === undefined || given === 'out' || given === 'in') return given
  throw new FilterError('direction', "'out' or 'in'", show(given))
}

function statusCodes(given: RecordFilter['statusCode']): ResolvedFilter['statusCode'] {
  if (given === undefined) return undefined
  const isRange = typeof given === 'object' && given !== null
  const { from = 0, to = 999 } = isRange ? given : { from: given, to: given }
  if (!Number.isInteger(from) || !Number.isInteger(to)) {
    throw new FilterError('statusCode', 'a whole number or { from, to }', show(given))
  }
  return { from, to }
}

/** A number of items from 1. @throws FilterError */
export function limitOf(given: number | undefined, byDefault: number, most: number): number {
  const limit = given ?? byDefault
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit
  throw new FilterError('limit', `a whole number from 1 to ${most}`, show(given))
}

/** Refuses names of fields that are not known. @throws FilterError */
export function checkFields(given: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(given)) {
    if (known.has(name)) continue
    throw new FilterError(name, 'no such field', `${show(name)}${nearestHint(name, known)}`)
  }
}

/** A text that may be missing, as it is stored. @throws FilterError */
export function storableOf(field: string, given: unknown): string | undefined {
  const text = textOf(field, given)
  return text === undefined ? undefined : storableText(text)
}

/** A text that may be missing. @throws FilterError */
export function textOf(field: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw new FilterError(field, 'a text', show(value))
}

/** A time that may be missing, in milliseconds since 1970. @throws FilterError */
export function timeOf(field: string, value: unknown): number | undefined {
  if (value === undefined) return undefined
  const isTime = value instanceof Date || typeof value === 'string' || typeof value === 'number'
  const time = isTime ? new Date(value).getTime() : Number.NaN
  if (Number.isFinite(time)) return time
  throw new FilterError(field, 'a Date, an ISO 8601 time or milliseconds since 1970', show(value))
}

/** The last record of a page: records are ordered by time, then by id, both descending. */
export interface PageEdge {
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly id: string
}

const CURSOR = /^(\d{1,16})\.(.+)$/

/** The cursor of the page that follows a record. */
export function writeCursor(edge: PageEdge): string {
  return Buffer.from(`${edge.createdAt}.${edge.id}`).toString('base64url')
}

/** Reads where a page begins. @throws FilterError when `writeCursor` did not write the cursor */
export function readCursor(cursor: string): PageEdge {
  const text = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString() : ''
  const [, createdAt, id] = CURSOR.exec(text) ?? []
  if (createdAt !== undefined && isRecordId(id)) return { createdAt: Number(createdAt), id }
  throw new FilterError('cursor', 'nextCursor of the page before', beginningOf(String(cursor), 60))
}

/** Checks a kind, which names a table and may come from a URL. @throws FilterError */
export function checkKind(kind: RecordKind): RecordKind {
  if (isKind(kind)) return kind
  throw new FilterError('kind', `one of ${RECORD_KINDS.join(', ')}`, beginningOf(String(kind), 60))
}

/** Whether something is a kind of record. */
export function isKind(value: unknown): value is RecordKind {
  return (RECORD_KINDS as readonly unknown[]).includes(value)
}
