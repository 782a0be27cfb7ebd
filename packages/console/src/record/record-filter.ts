import type { RecordFilter } from '@fastify-scs/store'
import type { RecordQuery } from '../api/model.js'
import { BadRequestError } from '../api/refusals.js'

const MAX_VALUES = 50
/** Each takes a query of its own. */
const MAX_LEVELS = 10
/** The last time that a Date can be, in milliseconds since 1970. */
const MAX_TIME = 8_640_000_000_000_000
/** A time of day without a time zone: what is told is in UTC. */
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\dT[\d:.]+$/

/** The levels of a query; undefined where it names none. */
export function levelsOf({ level }: RecordQuery): readonly string[] | undefined {
  return level === undefined ? undefined : listOf(level, MAX_LEVELS)
}

/** The store's filter for the query of a list, an export or the live tail, without its levels. @throws BadRequestError */
export function recordFilter(query: RecordQuery): RecordFilter {
  const {
    status,
    statusCode,
    path,
    type,
    fingerprint = type,
    level: _level,
    errorId: remoteId,
    from,
    to,
    ...same
  } = query
  const { referenceType, referenceId, ...rest } = same
  const filter = {
    ...rest,
    fingerprint,
    remoteId,
    status: status === undefined ? undefined : listOf(status),
    statusCode: statusCode === undefined ? undefined : statusCodes(statusCode),
    urlPrefix: path,
    reference: referenceOf(referenceType, referenceId),
    from: from === undefined ? undefined : timeOf('from', from),
    to: to === undefined ? undefined : timeOf('to', to),
  }
  // The store refuses fields that it does not know, and those that are undefined count as absent.
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}

/** A time of a query: ISO 8601, UTC where it names no time zone, or milliseconds since 1970. @throws BadRequestError */
export function timeOf(name: string, text: string): number {
  const isoTime = Date.parse(WITHOUT_ZONE.test(text) ? `${text}Z` : text)
  const time = /^\d{1,16}$/.test(text) ? Number(text) : isoTime
  if (time >= 0 && time <= MAX_TIME) return time
  throw new BadRequestError(`${name} must be an ISO 8601 time or milliseconds since 1970`)
}

/** The values of a list with commas between, each once. @throws BadRequestError */
export function listOf(text: string, most: number = MAX_VALUES): string[] {
  const values = new Set(text.split(',').filter((value) => value !== ''))
  if (values.size > most) throw new BadRequestError(`A list may have ${most} values`)
  return [...values]
}

function statusCodes(text: string): NonNullable<RecordFilter['statusCode']> {
  if (text.endsWith('xx')) return { from: Number(text[0]) * 100, to: Number(text[0]) * 100 + 99 }
  const [from = text, to] = text.split('-')
  return to === undefined ? Number(from) : { from: Number(from), to: Number(to) }
}

function referenceOf(
  type: string | undefined,
  id: string | undefined,
): { type?: string; id?: string } | undefined {
  if (type === undefined && id === undefined) return undefined
  return { ...(type === undefined ? {} : { type }), ...(id === undefined ? {} : { id }) }
}
