import { UsageError } from './errors.js'

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
}
/** Date.parse takes much more, such as `12` for December 2001. */
const ISO = /^\d{4}-\d{2}(-\d{2}(T\S+)?)?$/
/** A time of day without a time zone. */
const WITHOUT_ZONE = /T[\d:.]+$/
/** The last time that a Date can be, in milliseconds since 1970. */
const MAX_TIME = 8_640_000_000_000_000
const RELATIVE = /^([+-]?)(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/

/** How a time can be given. */
export const TIME_FORMS =
  'ISO 8601 (UTC where it names no time zone), milliseconds since 1970, now, or a span such as -2h, -30m or -7d'

/**
 * A time that somebody typed, in milliseconds since 1970. A span without a sign goes into the past, or into the future where that is
 * what can be meant.
 *
 * @throws UsageError
 */
export function timeOf(
  option: string,
  text: string,
  { nowMs = Date.now(), way = 'past' }: { nowMs?: number; way?: 'past' | 'future' } = {},
): number {
  const time = text === 'now' ? nowMs : (relativeTime(text, nowMs, way) ?? absoluteTime(text))
  if (time >= 0 && time <= MAX_TIME) return time
  throw new UsageError(option, TIME_FORMS, JSON.stringify(text))
}

function relativeTime(text: string, nowMs: number, way: 'past' | 'future'): number | undefined {
  const [, sign, amount, unit] = RELATIVE.exec(text) ?? []
  if (amount === undefined) return undefined
  const spanMs = Number(amount) * (UNIT_MS[unit ?? ''] ?? 0)
  const isPast = sign === '-' || (sign === '' && way === 'past')
  return Math.round(nowMs + (isPast ? -spanMs : spanMs))
}

/** A time as it is copied from a table, which is in UTC, means the same again. */
function absoluteTime(text: string): number {
  if (/^\d{5,16}$/.test(text)) return Number(text)
  return ISO.test(text) ? Date.parse(WITHOUT_ZONE.test(text) ? `${text}Z` : text) : Number.NaN
}

/** A whole number that somebody typed. @throws UsageError */
export function wholeOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  throw new UsageError(option, `a whole number from ${least} to ${most}`, JSON.stringify(text))
}
