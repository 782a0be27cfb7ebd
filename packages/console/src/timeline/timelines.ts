import { setImmediate } from 'node:timers/promises'
import type { FoundRecord, RecordFilter } from '@fastify-scs/core/kit'
import type { Timeline } from '../api/model.js'
import type { FindPage } from '../query/record-pager.js'
import { timeOf } from '../record/record-filter.js'
import { LISTED_KINDS, rowOf } from '../record/rows.js'
import { entriesOf } from './entries.js'
import { chosenOf, requestsOf } from './requests.js'

/** Records of each kind on one time line, at most. */
const MAX_RECORDS = 200
const DAY_MS = 86_400_000
/** Other requests with the same id that are named. */
const MAX_OTHERS = 20

/** The time line of a trace: of all of its requests. @throws BadRequestError */
export async function traceTimeline(
  find: FindPage,
  traceId: string,
  at?: string,
): Promise<Timeline> {
  const { records, isCut } = await recordsOf(find, { traceId, ...around(at) })
  const line = told(records)
  return { ...line, isCut: isCut || line.isCut, at: null, others: [], isUncertain: false }
}

/** The time line of one of the requests with an id: the one at a time, or the newest. @throws BadRequestError */
export async function requestTimeline(
  find: FindPage,
  requestId: string,
  at?: string,
): Promise<Timeline> {
  const time = at === undefined ? undefined : timeOf('at', at)
  const { records, isCut } = await recordsOf(find, { requestId, ...around(at) })
  const requests = requestsOf(records)
  const chosen = chosenOf(requests, time)
  const others = requests
    .filter((request) => request !== chosen)
    .map((request) => ({ at: request.traits.from, records: request.records.length }))
  const line = told(chosen?.records ?? [])
  return {
    ...line,
    isCut: isCut || line.isCut,
    at: chosen?.traits.from ?? null,
    others: others.reverse().slice(0, MAX_OTHERS),
    isUncertain: chosen?.isUncertain ?? false,
  }
}

async function recordsOf(find: FindPage, filter: RecordFilter) {
  const pages = await Promise.all(
    LISTED_KINDS.map((kind) => find(kind, { ...filter, limit: MAX_RECORDS })),
  )
  // The last pages were parsed just now.
  await setImmediate()
  const isCut = pages.some(({ nextCursor }) => nextCursor !== undefined)
  return { records: pages.flatMap(({ items }) => items), isCut }
}

function told(records: readonly FoundRecord[]) {
  const sorted = [...records].sort(
    (one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1),
  )
  const rows = sorted.map(rowOf)
  return {
    ...entriesOf(sorted),
    records: rows,
    requestIds: distinct(rows.map(({ requestId }) => requestId)),
    traceIds: distinct(rows.map(({ traceId }) => traceId)),
  }
}

function around(at: string | undefined): { from?: number; to?: number } {
  if (at === undefined) return {}
  const time = timeOf('at', at)
  return { from: time - DAY_MS, to: time + DAY_MS }
}

function distinct(values: readonly (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== null && value !== undefined))]
}
