import {
  auditName,
  byTime,
  callName,
  type FoundRecord,
  fieldAt,
  isFailedLevel,
  isObject,
  namedEntriesOf,
  numberAt,
  numberedNames,
  textAt,
} from '@fastify-scs/core/kit'
import type { TimelineEntry } from '../api/model.js'
import { rowOf } from '../record/rows.js'
import { blockedSpanOf } from './blocked-span.js'
import { phaseEntries } from './phases.js'
import { type OneRequest, requestsOf } from './requests.js'

/** What is taken out of the facts of reports, on one time line at most: a trace of many requests may tell of tens of thousands of queries. */
const MAX_FACTS = 2_000

/** The entries of a time line. */
export interface ToldEntries {
  /** In order of time. */
  readonly entries: TimelineEntry[]
  /** Whether there were more. */
  readonly isCut: boolean
}

/** All that records tell of a request, or of the requests of a trace. */
export function entriesOf(records: readonly FoundRecord[]): ToldEntries {
  const requests = requestsOf(records)
  const calls = new Set(records.flatMap(namesOfCall))
  const entries = records.map(recordEntry)
  let left = MAX_FACTS
  let isCut = false
  // The newest first: their facts are the last to be left out.
  for (const request of requests.reverse()) {
    const facts = factsNotStored(request, calls, left)
    left -= facts.entries.length
    isCut ||= facts.isCut
    entries.push(...frameOf(request, facts.entries), ...facts.entries)
  }
  return { entries: entries.sort(byTime), isCut }
}

/** The arrival, phases and answer of a request, from the report that knows most of them. */
function frameOf({ records }: OneRequest, facts: readonly TimelineEntry[]): TimelineEntry[] {
  const reports = reportsOf(records)
  const [report] = reports.sort((one, other) => knowledgeOf(other) - knowledgeOf(one))
  if (report === undefined) return []
  const crashes = reports.filter(({ keys }) => isCrash(keys))
  const begun = [...timesOf(records), ...facts.map(({ at }) => at)]
  return phaseEntries(report).map((frame) => {
    // Times of two clocks: what happened in a request is after its arrival, and the answer to a crash after the crash.
    if (frame.what === 'arrival') return { ...frame, at: Math.min(frame.at, ...begun) }
    if (frame.what === 'answer') return { ...frame, at: Math.max(frame.at, ...timesOf(crashes)) }
    return frame
  })
}

function reportsOf(records: readonly FoundRecord[]): FoundRecord[] {
  return records.filter(({ kind }) => kind === 'reports')
}

function isCrash({ status }: FoundRecord['keys']): boolean {
  return status === 'fatal'
}

function timesOf(records: readonly FoundRecord[]): number[] {
  return records.map(({ createdAt }) => createdAt)
}

function knowledgeOf({ data }: FoundRecord): number {
  const details = fieldAt(data, 'data')
  const hasPhases = isObject(fieldAt(details, 'phases'))
  const isAnswered = isObject(fieldAt(data, 'response')) || numberAt(details, 'status') !== null
  return (hasPhases ? 2 : 0) + (isAnswered ? 1 : 0)
}

function recordEntry(found: FoundRecord): TimelineEntry {
  const row = rowOf(found)
  const record = { kind: row.kind, id: row.id }
  switch (row.kind) {
    case 'audit_events': {
      const isFailed = isFailedLevel(row.level)
      return entry('audit', row.createdAt, row.message, { isFailed, record })
    }
    case 'integration_requests': {
      const { method, url, service, statusCode, status, durationMs } = row
      const call = [method, url ?? service].filter((part) => part !== null).join(' ')
      const title = `${row.direction === 'in' ? 'Received ' : ''}${call} → ${statusCode ?? status}`
      const isFailed = status === 'Failed'
      return entry('call', row.createdAt, title, { durationMs, isFailed, record })
    }
    default: {
      const what = WHAT_OF_REPORT.get(row.status) ?? 'report'
      const span = what === 'blocked' ? blockedSpanOf(found.data) : undefined
      return entry(what, row.createdAt, row.title, { ...span, isFailed: true, record })
    }
  }
}

const WHAT_OF_REPORT: ReadonlyMap<string, TimelineEntry['what']> = new Map([
  ['fatal', 'crash'],
  ['slow', 'slow'],
  ['stuck', 'stuck'],
  ['blocked', 'blocked'],
])

/** What the reports of a request say of things that have no record of their own, each once. */
function factsNotStored(
  { records }: OneRequest,
  calls: ReadonlySet<string>,
  most: number,
): ToldEntries {
  const known = new Set(namesOfAudit(records))
  const entries: TimelineEntry[] = []
  // The newest report knows best how what was running has ended.
  const reports = reportsOf(records).sort((one, other) => other.createdAt - one.createdAt)
  for (const { data } of reports) {
    for (const { name, entry: told } of namedEntriesOf(fieldAt(data, 'facts'))) {
      if (known.has(name) || calls.has(name)) continue
      if (entries.length >= most) return { entries, isCut: true }
      known.add(name)
      entries.push({ ...told, record: null })
    }
  }
  return { entries, isCut: false }
}

/** The names by which the facts of a report know its request's audit events. */
function namesOfAudit(records: readonly FoundRecord[]): string[] {
  const events = records.filter(({ kind }) => kind === 'audit_events')
  return numberedNames(
    events.map(({ createdAt, data }) => auditName(createdAt, textAt(data, 'message') ?? '')),
  )
}

/** The names by which the facts of a report know a call: without its id, where the fact has none. */
function namesOfCall({ kind, id, createdAt, data }: FoundRecord): string[] {
  if (kind !== 'integration_requests') return []
  const url = textAt(data, 'url')
  return [callName(id, createdAt, url), callName(null, createdAt, url)]
}

function entry(
  what: TimelineEntry['what'],
  at: number,
  title: string,
  rest: Partial<TimelineEntry>,
): TimelineEntry {
  return { at, durationMs: null, what, title, isFailed: false, times: null, record: null, ...rest }
}
