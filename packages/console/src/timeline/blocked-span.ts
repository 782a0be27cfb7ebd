import { type FoundRecord, fieldAt, numberAt, textAt } from '@fastify-scs/core/kit'
import { arrivalOf } from './phases.js'

/** From when on, in milliseconds since 1970, and for how long an event loop was blocked. */
export interface BlockedSpan {
  readonly at: number
  readonly durationMs: number
}

/** Reads it from a report, which is made when the loop goes on, or at the next start; undefined where the report does not tell. */
export function blockedSpanOf(data: FoundRecord['data']): BlockedSpan | undefined {
  const told = fieldAt(data, 'data')
  const details = numberAt(told, 'blockedMs') === null ? data : told
  const since = Date.parse(textAt(details, 'since') ?? '')
  const blockedMs = numberAt(details, 'blockedMs')
  if (!Number.isFinite(since) || blockedMs === null) return undefined
  // The loop was last seen alive some milliseconds before the request came that blocked it.
  const at = Math.max(since, arrivalOf(data) ?? since)
  return { at, durationMs: Math.max(0, since + blockedMs - at) }
}
