import { fieldAt, listAt, numberAt, textAt } from '../json/json-fields.js'
import type { JsonValue } from '../json/json-value.js'
import { byTime, type RequestTimelineEntry } from './timeline-entry.js'

/** An entry, and the name by which the same thing is known in every report of its request. */
export interface NamedEntry {
  readonly name: string
  readonly entry: RequestTimelineEntry
}

/**
 * The entries that the facts of a request tell of, in order of time. What is not of the shape that it should have is left out.
 *
 * Each run of a query is an entry of its own, also where one statement was run hundreds of times in a row. Each of those has `times`,
 * and whoever shows them to people folds the ones that follow each other.
 */
export function entriesOfFacts(facts: Readonly<Record<string, JsonValue>>): RequestTimelineEntry[] {
  return namedEntriesOf(facts)
    .map(({ entry }) => entry)
    .sort(byTime)
}

/** The same with their names, in no order. Facts of a stored report may be anything: capped, or of another version. Never throws. */
export function namedEntriesOf(facts: unknown): NamedEntry[] {
  const made = [
    ...listAt(facts, 'audit_events').map(auditEntry),
    ...listAt(facts, 'outbound_calls').map(callEntry),
    ...queryEntries(fieldAt(facts, 'queries')),
    ...listAt(facts, 'log_lines').map(logEntry),
  ].filter((named) => named !== null && Number.isFinite(named.entry.at)) as NamedEntry[]
  const names = numberedNames(made.map(({ name }) => name))
  return made.map(({ entry }, index) => ({ name: names[index] as string, entry }))
}

/** Names of which each stands once: the second of two that are alike, in one millisecond, is the second one in each report. */
export function numberedNames(names: readonly string[]): string[] {
  const known = new Map<string, number>()
  return names.map((name) => {
    const before = known.get(name) ?? 0
    known.set(name, before + 1)
    return before === 0 ? name : `${name} ${before + 1}`
  })
}

/** The name of an audit event. */
export function auditName(at: number, message: string): string {
  return `audit ${at} ${message}`
}

/** The name of an outbound call: by its id, or by what is known of it without one. */
export function callName(id: string | null, at: number, url: string | null): string {
  return id === null ? `call ${at} ${url}` : `call ${id}`
}

const FAILED_LEVELS = new Set(['ERROR', 'CRITICAL', 'FATAL'])

/** Whether a line or an audit event of this level says that something failed. */
export function isFailedLevel(level: string): boolean {
  return FAILED_LEVELS.has(level.toUpperCase())
}

function auditEntry(event: unknown): NamedEntry {
  const at = timeAt(event, 'date')
  const title = textAt(event, 'message') ?? ''
  const isFailed = isFailedLevel(textAt(event, 'level') ?? '')
  return { name: auditName(at, title), entry: plain('audit', at, title, { isFailed }) }
}

function callEntry(call: unknown): NamedEntry {
  const at = timeAt(call, 'createdAt')
  const durationMs = numberAt(call, 'durationMs')
  const isFailed = textAt(call, 'status') === 'Failed'
  return {
    name: callName(textAt(call, 'id'), at, textAt(call, 'url')),
    entry: plain('call', at, callTitle(call), { durationMs, isFailed }),
  }
}

function callTitle(call: unknown): string {
  const more = numberAt(call, 'more')
  if (more !== null) return `${more} more outbound calls`
  const name = textAt(call, 'url') ?? textAt(call, 'service')
  const end = numberAt(call, 'statusCode') ?? textAt(call, 'status')
  const title = [textAt(call, 'method'), name].filter((part) => part !== null).join(' ')
  return end === null ? title : `${title} → ${end}`
}

function queryEntries(queries: unknown): (NamedEntry | null)[] {
  const statements = listAt(queries, 'statements')
  const made = listAt(queries, 'list').map((run) => queryEntry(run, statements))
  const leftOut = numberAt(queries, 'leftOut') ?? 0
  if (leftOut <= 0) return made
  // Those that are kept are the first ones.
  const at = made.reduce((latest, run) => Math.max(latest, run?.entry.at ?? latest), 0)
  const title = leftOut === 1 ? '1 more query' : `${leftOut} more queries`
  return at === 0 ? made : [...made, { name: 'more queries', entry: plain('query', at, title) }]
}

function queryEntry(run: unknown, statements: readonly unknown[]): NamedEntry | null {
  const at = numberAt(run, 'at')
  const index = numberAt(run, 'statement')
  if (at === null || index === null) return null
  const statement = statements[index]
  // A capped fact may have lost the statement: that a query was run is still worth a line.
  const text = textAt(statement, 'text') ?? textAt(statement, 'system') ?? 'A query'
  const errorCode = textAt(run, 'errorCode')
  const entry = plain('query', at, errorCode === null ? text : `${text} → ${errorCode}`, {
    durationMs: numberAt(run, 'durationMs'),
    isFailed: errorCode !== null,
    times: fieldAt(statement, 'isRepeated') === true ? numberAt(statement, 'times') : null,
  })
  return { name: `query ${at} ${text}`, entry }
}

function logEntry(line: unknown): NamedEntry | null {
  const at = numberAt(line, 'at')
  const message = textAt(line, 'message')
  if (at === null || message === null) return null
  const level = textAt(line, 'level') ?? ''
  const title = level === '' ? message : `${level}: ${message}`
  return {
    name: `log ${at} ${title}`,
    entry: plain('log', at, title, { isFailed: isFailedLevel(level) }),
  }
}

function timeAt(value: unknown, name: string): number {
  return Date.parse(textAt(value, name) ?? '')
}

function plain(
  what: RequestTimelineEntry['what'],
  at: number,
  title: string,
  rest: Partial<RequestTimelineEntry> = {},
): RequestTimelineEntry {
  return { at, what, title, durationMs: null, isFailed: false, times: null, ...rest }
}
