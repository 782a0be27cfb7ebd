import type { Group } from '../../src/api/model.js'
import { localInputOf } from '../lists/local-input.js'
import type { GroupFields } from './apply-change.js'

const HOUR_MS = 3_600_000
const LENGTHS_MS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 168 * HOUR_MS } as const

/** When a muted group is open again. */
export type MuteEnd = 'never' | 'date' | 'count' | keyof typeof LENGTHS_MS

/** What the form of muting says. */
export interface MuteForm {
  readonly end: MuteEnd
  readonly reason: string
  /** Local date and time, as a field of that type has it: `2026-11-26T12:00`. */
  readonly until: string
  readonly occurrences: string
}

/** The form for a group: what was said when it was muted, or what is proposed. */
export function muteForm(
  group: Pick<Group, 'status' | 'reason' | 'occurrences' | 'mutedUntil' | 'mutedUntilOccurrences'>,
): MuteForm {
  const proposed: MuteForm = { end: 'never', reason: '', until: '', occurrences: '100' }
  const { status, reason, occurrences, mutedUntil, mutedUntilOccurrences } = group
  if (status !== 'muted') return proposed
  const muted = { ...proposed, reason: reason ?? '' }
  if (mutedUntil !== null) return { ...muted, end: 'date', until: localInputOf(String(mutedUntil)) }
  if (mutedUntilOccurrences === null) return muted
  const left = Math.max(1, mutedUntilOccurrences - occurrences)
  return { ...muted, end: 'count', occurrences: String(left) }
}

/** The change that a form means. */
export function muteFields(
  { end, reason, until, occurrences }: MuteForm,
  now: number,
): GroupFields {
  const muted = { status: 'muted', reason: reason.trim() === '' ? null : reason.trim() } as const
  if (end === 'never') return { ...muted, mutedUntil: null, mutedForOccurrences: null }
  if (end === 'count') {
    const count = Math.floor(Number(occurrences))
    return { ...muted, mutedUntil: null, mutedForOccurrences: count >= 1 ? count : null }
  }
  const at = end === 'date' ? Date.parse(until) : now + LENGTHS_MS[end]
  return { ...muted, mutedUntil: Number.isNaN(at) ? null : at, mutedForOccurrences: null }
}
