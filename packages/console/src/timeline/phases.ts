import { type FoundRecord, fieldAt, numberAt, textAt } from '@fastify-scs/core/kit'
import type { TimelineEntry } from '../api/model.js'

/** The phases of a call in the order that they have in it, by their fields in a report of slow-call. */
const PHASES = [
  ['uploadMs', 'Upload'],
  ['parsingMs', 'Parsing'],
  ['hooksMs', 'Hooks'],
  ['handlerMs', 'Handler'],
  ['serializationMs', 'Serialization'],
  ['sendingMs', 'Sending'],
] as const

/** When the request of a report came, in milliseconds since 1970. */
export function arrivalOf(data: FoundRecord['data']): number | undefined {
  const arrivedAt = Date.parse(textAt(timeOf(data), 'start') ?? '')
  return Number.isFinite(arrivedAt) ? arrivedAt : undefined
}

/** A report of slow-call has times of its own, which are more exact. */
function timeOf(data: FoundRecord['data']): unknown {
  return fieldAt(fieldAt(data, 'data'), 'time') ?? fieldAt(data, 'time')
}

/** The arrival, the phases and the answer of a report's request, as far as the report knows them. */
export function phaseEntries({ data }: FoundRecord): TimelineEntry[] {
  const details = fieldAt(data, 'data')
  const phases = fieldAt(details, 'phases')
  const arrivedAt = arrivalOf(data)
  const request = fieldAt(data, 'request')
  if (arrivedAt === undefined) return []
  const method = textAt(request, 'method') ?? textAt(details, 'method')
  const url = textAt(request, 'url') ?? textAt(details, 'url')
  if (method === null && url === null) return []
  const entries = [plain('arrival', arrivedAt, [method, url].filter(Boolean).join(' '))]
  let at = arrivedAt
  let answeredAt = endOf(timeOf(data), arrivedAt)
  for (const [field, title] of PHASES) {
    if (field === 'sendingMs' && at > arrivedAt) answeredAt = at
    const durationMs = numberAt(phases, field)
    if (durationMs === null || durationMs <= 0) continue
    entries.push({ ...plain('phase', at, title), durationMs })
    at += durationMs
  }
  const status = numberAt(details, 'status') ?? numberAt(fieldAt(data, 'response'), 'status')
  if (status === null || answeredAt === undefined) return entries
  return [
    ...entries,
    { ...plain('answer', answeredAt, `Answered ${status}`), isFailed: status >= 500 },
  ]
}

function endOf(time: unknown, arrivedAt: number): number | undefined {
  const microsecs = numberAt(time, 'microsecs')
  if (microsecs !== null) return arrivedAt + microsecs / 1_000
  const end = Date.parse(textAt(time, 'end') ?? '')
  return Number.isFinite(end) ? end : undefined
}

function plain(what: TimelineEntry['what'], at: number, title: string): TimelineEntry {
  return { at, durationMs: null, what, title, isFailed: false, times: null, record: null }
}
