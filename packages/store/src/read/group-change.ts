import { show } from '@fastify-scs/core/kit/plain'
import { FilterError } from '../errors.js'
import type { GroupChange } from '../port.js'
import { KEY_MAX_CHARS, storableText } from '../record/text.js'
import { checkFields } from './filter.js'

const STATUSES: readonly unknown[] = ['open', 'resolved', 'muted']
/** The texts of a change, and how many characters each may have. */
const TEXTS = {
  by: KEY_MAX_CHARS,
  assignee: KEY_MAX_CHARS,
  resolvedIn: KEY_MAX_CHARS,
  reason: 2_000,
  note: 10_000,
} as const
/** The fields that only mean something with one status. */
const STATUS_OF = {
  resolvedIn: 'resolved',
  mutedUntil: 'muted',
  mutedForOccurrences: 'muted',
  reason: 'muted',
} as const
const FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(TEXTS),
  ...Object.keys(STATUS_OF),
  'expected',
  'at',
  'status',
])

/** Checks a change of a group, and makes its texts such that any database keeps them. @throws FilterError */
export function resolveGroupChange(change: GroupChange): GroupChange {
  checkFields(change, FIELDS)
  const { status, mutedUntil, mutedForOccurrences } = change
  checkWhole('expected', change.expected, 0)
  checkWhole('at', change.at, 0)
  if (status !== undefined && !STATUSES.includes(status))
    throw new FilterError('status', "'open', 'resolved' or 'muted'", show(status))
  if (mutedUntil !== undefined && mutedUntil !== null) checkWhole('mutedUntil', mutedUntil, 0)
  if (mutedForOccurrences !== undefined && mutedForOccurrences !== null)
    checkWhole('mutedForOccurrences', mutedForOccurrences, 1)
  for (const [field, needed] of Object.entries(STATUS_OF)) checkStatus(change, field, needed)
  const texts = Object.entries(TEXTS).map(([field, maxChars]) => {
    return [field, textOf(field, change[field as keyof typeof TEXTS], maxChars)] as const
  })
  return { ...change, ...Object.fromEntries(texts.filter(([, text]) => text !== undefined)) }
}

function checkStatus(change: GroupChange, field: string, needed: string): void {
  const given = change[field as keyof typeof STATUS_OF] ?? null
  if (given === null || change.status === needed) return
  throw new FilterError(field, `nothing without the status ${show(needed)}`, show(given))
}

function checkWhole(field: string, given: number, least: number): void {
  if (Number.isSafeInteger(given) && given >= least) return
  throw new FilterError(field, `a whole number from ${least}`, show(given))
}

function textOf(field: string, given: unknown, maxChars: number): string | null | undefined {
  if (given === undefined || given === null) return given
  if (typeof given === 'string' && given.length <= maxChars) return storableText(given, maxChars)
  const found = typeof given === 'string' ? `${given.length} characters` : show(given)
  throw new FilterError(field, `null or a text of at most ${maxChars} characters`, found)
}
