import type { Redactor } from '@fastify-scs/core'
import { type FoundRecord, fieldAt, listAt, numberAt, textAt } from '@fastify-scs/core/kit'
import type { TimelineEntry } from '../api/model.js'
import { type FenceLimits, fenced, type PromptSection } from './fence.js'
import type { PromptFacts } from './prompt-facts.js'

const MOMENTS: FenceLimits = { maxLines: 80, maxChars: 6_000, maxLineChars: 300 }
const STATEMENTS: FenceLimits = { maxLines: 15, maxChars: 4_000, maxLineChars: 600 }
const CALLS: FenceLimits = { maxLines: 20, maxChars: 3_000, maxLineChars: 300 }
/** Runs of one statement that are told one by one. */
const MAX_LIKE_RUNS = 2

/** Says what happened in the request, until the report. */
export function timelineSection(
  { timeline, report }: PromptFacts,
  redactor: Redactor,
): PromptSection {
  const title = 'What happened in the request'
  const begin = timeline?.entries[0]?.at
  if (timeline === undefined || begin === undefined) return { title, lines: [] }
  const { told, folded } = withoutLikeRuns(timeline.entries)
  const lines = told.map((entry) => momentOf(entry, begin, report.id, redactor))
  return {
    title,
    lines: [
      'In order of time. Computed at the head of each line: milliseconds since the first moment, what it was, how long it took, and FAILED where it went wrong; then what was recorded.',
      ...(timeline.isUncertain
        ? ['Only the time says that all of this is of one request: its id is used by several.']
        : []),
      ...(folded > 0
        ? [`${folded} more runs of statements that ran again and again are left out.`]
        : []),
      ...(timeline.isCut ? ['There was more than is kept; the oldest is left out.'] : []),
      ...fenced(lines, MOMENTS),
    ],
  }
}

/** Says which queries the request has run. */
export function queriesSection(data: FoundRecord['data']): PromptSection {
  const title = 'Its database queries'
  const fact = fieldAt(fieldAt(data, 'facts'), 'queries')
  const count = numberAt(fact, 'count')
  if (count === null || count <= 0) return { title, lines: [] }
  const durationMs = numberAt(fact, 'durationMs')
  const statements = [...listAt(fact, 'statements')].sort(
    (one, other) => (numberAt(other, 'durationMs') ?? 0) - (numberAt(one, 'durationMs') ?? 0),
  )
  const repeated = statements.filter((each) => fieldAt(each, 'isRepeated') === true).length
  const lines = statements.map((each) => {
    const head = `${numberAt(each, 'times') ?? 1} x, ${inMs(numberAt(each, 'durationMs'))}`
    const isRepeated = fieldAt(each, 'isRepeated') === true
    return `${head}${isRepeated ? ', N+1' : ''}: ${textAt(each, 'text') ?? ''}`
  })
  return {
    title,
    lines: [
      `${count} in all${durationMs === null ? '' : `, for ${inMs(durationMs)}`}. The statements, without their values, those that took longest first:`,
      ...fenced(lines, STATEMENTS),
      ...(repeated > 0
        ? [`${repeated} of them ran again and again, where one query could do (N+1).`]
        : []),
    ],
  }
}

/** Says which calls to other services the request has made or was. */
export function callsSection({ timeline }: PromptFacts, redactor: Redactor): PromptSection {
  const calls = (timeline?.entries ?? []).filter(({ what }) => what === 'call')
  const failed = calls.filter(({ isFailed }) => isFailed)
  const told = failed.length > 0 ? failed : calls
  const which = failed.length > 0 ? `${failed.length} failed:` : 'None failed:'
  return {
    title: 'Its calls to other services',
    lines:
      calls.length === 0
        ? []
        : [
            `${calls.length} in all. ${which}`,
            ...fenced(
              told.map((call) => `${inMs(call.durationMs)}: ${redactor.text(call.title)}`),
              CALLS,
            ),
          ],
  }
}

function momentOf(
  entry: TimelineEntry,
  begin: number,
  reportId: string,
  redactor: Redactor,
): string {
  const head = [
    `+${Math.round(entry.at - begin)}`,
    entry.what,
    ...(entry.durationMs === null ? [] : [inMs(entry.durationMs)]),
    ...(entry.isFailed ? ['FAILED'] : []),
    ...(entry.record?.id === reportId ? ['(this report)'] : []),
  ]
  return `${head.join(' ')}: ${redactor.text(entry.title)}`
}

/** Of a statement that ran again and again only the first runs. */
function withoutLikeRuns(entries: readonly TimelineEntry[]) {
  const seen = new Map<string, number>()
  const told = entries.filter((entry) => {
    if (entry.times === null) return true
    const runs = (seen.get(entry.title) ?? 0) + 1
    seen.set(entry.title, runs)
    return runs <= MAX_LIKE_RUNS
  })
  return { told, folded: entries.length - told.length }
}

function inMs(durationMs: number | null): string {
  return durationMs === null ? 'of unknown duration' : `${Math.round(durationMs * 10) / 10} ms`
}
