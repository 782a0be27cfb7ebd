import type { RecordFilter } from '@fastify-scs/store'
import type { RecordQuery } from '../api/model.js'
import { BadRequestError } from '../api/refusals.js'

/** The levels of a query; undefined where it names none. */
export function levelsOf({ level }: RecordQuery): readonly string[] | undefined {
  return level === undefined ? undefined : listOf(level)
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

/** A time of a query: ISO 8601, or milliseconds since 1970. @throws BadRequestError */
export function timeOf(name: string, text: string): number {
  const time = /^\d{1,16}$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isFinite(time)) return time
  throw new BadRequestError(`${name} must be an ISO 8601 time or milliseconds since 1970`)
}

/** The values of a list with commas between. */
export function listOf(text: string): string[] {
  return text.split(',').filter((value) => value !== '')
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
