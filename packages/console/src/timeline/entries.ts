import { type FoundRecord, isObject } from '@fastify-scs/core/kit'
import type { TimelineEntry } from '../api/model.js'
import { fieldAt, numberAt, rowOf, textAt } from '../record/rows.js'
import { phaseEntries } from './phases.js'
import { type OneRequest, requestsOf } from './requests.js'

/** What comes first of entries with the same time. */
const ORDER: readonly TimelineEntry['what'][] = [
  'arrival',
  'phase',
  'audit',
  'call',
  'query',
  'log',
  'slow',
  'stuck',
  'blocked',
  'report',
  'crash',
  'answer',
]

const FAILED_LEVELS = new Set(['ERROR', 'CRITICAL', 'FATAL'])

/** All that records tell of a request, or of the requests of a trace, in order of time. */
export function entriesOf(records: readonly FoundRecord[]): TimelineEntry[] {
  const reports = records.filter(({ kind }) => kind === 'reports')
  const entries = [
    ...framesOf(requestsOf(records)),
    ...records.flatMap(recordEntries),
    ...factsNotStored(reports, records),
  ]
  const rank = ({ what }: TimelineEntry) => ORDER.indexOf(what)
  return entries.sort((one, other) => one.at - other.at || rank(one) - rank(other))
}

/** Of each request: its arrival, phases and answer, from the report that knows most of them. */
function framesOf(requests: readonly OneRequest[]): TimelineEntry[] {
  return requests.flatMap(({ records: made }) => {
    const reports = made.filter(({ kind }) => kind === 'reports')
    const [report] = reports.sort((one, other) => knowledgeOf(other) - knowledgeOf(one))
    if (report === undefined) return []
    const crashes = reports.filter(({ keys }) => isCrash(keys))
    return phaseEntries(report).map((frame) => {
      // Times of two clocks: what happened in a request is after its arrival, and the answer to a crash after the crash.
      if (frame.what === 'arrival') return { ...frame, at: Math.min(frame.at, ...timesOf(made)) }
      if (frame.what === 'answer') return { ...frame, at: Math.max(frame.at, ...timesOf(crashes)) }
      return frame
    })
  })
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

function recordEntries(found: FoundRecord): TimelineEntry[] {
  const row = rowOf(found)
  const record = { kind: row.kind, id: row.id }
  switch (row.kind) {
    case 'audit_events': {
      const isFailed = FAILED_LEVELS.has(row.level)
      return [entry('audit', row.createdAt, row.message, { isFailed, record })]
    }
    case 'integration_requests': {
      const { method, url, service, statusCode, status, durationMs } = row
      const call = [method, url ?? service].filter((part) => part !== null).join(' ')
      const title = `${row.direction === 'in' ? 'Received ' : ''}${call} → ${statusCode ?? status}`
      return [
        entry('call', row.createdAt, title, { durationMs, isFailed: status === 'Failed', record }),
      ]
    }
    default: {
      const what = WHAT_OF_REPORT.get(row.status) ?? 'report'
      return [entry(what, row.createdAt, row.title, { isFailed: true, record })]
    }
  }
}

const WHAT_OF_REPORT: ReadonlyMap<string, TimelineEntry['what']> = new Map([
  ['fatal', 'crash'],
  ['slow', 'slow'],
  ['stuck', 'stuck'],
  ['blocked', 'blocked'],
])

/** What reports say of audit events and outbound calls that have no record of their own. */
function factsNotStored(
  reports: readonly FoundRecord[],
  records: readonly FoundRecord[],
): TimelineEntry[] {
  const known = new Set(records.flatMap(namesOf))
  const entries: TimelineEntry[] = []
  const add = (name: string, made: TimelineEntry): void => {
    if (!Number.isFinite(made.at) || known.has(name)) return
    known.add(name)
    entries.push(made)
  }
  for (const { data } of reports) {
    const facts = fieldAt(data, 'facts')
    for (const event of listAt(facts, 'audit_events')) {
      const at = Date.parse(textAt(event, 'date') ?? '')
      const message = textAt(event, 'message') ?? ''
      const isFailed = FAILED_LEVELS.has(textAt(event, 'level') ?? '')
      add(`audit ${at} ${message}`, entry('audit', at, message, { isFailed }))
    }
    for (const call of listAt(facts, 'outbound_calls')) {
      const at = Date.parse(textAt(call, 'createdAt') ?? '')
      const durationMs = numberAt(call, 'durationMs')
      const isFailed = textAt(call, 'status') === 'Failed'
      const name = textAt(call, 'id') ?? `${at} ${textAt(call, 'url')}`
      add(`call ${name}`, entry('call', at, callTitle(call), { durationMs, isFailed }))
    }
  }
  return entries
}

/** The names by which the facts of a report know a record. */
function namesOf({ kind, id, createdAt, data }: FoundRecord): string[] {
  if (kind === 'audit_events') return [`audit ${createdAt} ${textAt(data, 'message') ?? ''}`]
  return kind === 'integration_requests'
    ? [`call ${id}`, `call ${createdAt} ${textAt(data, 'url')}`]
    : []
}

function callTitle(call: unknown): string {
  const more = numberAt(call, 'more')
  if (more !== null) return `${more} more outbound calls`
  const name = textAt(call, 'url') ?? textAt(call, 'service')
  const end = numberAt(call, 'statusCode') ?? textAt(call, 'status')
  const title = [textAt(call, 'method'), name].filter((part) => part !== null).join(' ')
  return end === null ? title : `${title} → ${end}`
}

function listAt(value: unknown, name: string): readonly unknown[] {
  const list = fieldAt(value, name)
  return Array.isArray(list) ? list : []
}

function entry(
  what: TimelineEntry['what'],
  at: number,
  title: string,
  rest: Partial<TimelineEntry>,
): TimelineEntry {
  return { at, durationMs: null, what, title, isFailed: false, times: null, record: null, ...rest }
}
