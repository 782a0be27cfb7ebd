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
const RELATIVE = /^([+-]?)(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/

/** How a time can be given. */
export const TIME_FORMS =
  'ISO 8601, milliseconds since 1970, now, or a span such as -2h, -30m or -7d'

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
  const [, sign, amount, unit] = RELATIVE.exec(text) ?? []
  if (amount !== undefined) {
    const spanMs = Number(amount) * (UNIT_MS[unit ?? ''] ?? 0)
    const isPast = sign === '-' || (sign === '' && way === 'past')
    return Math.round(nowMs + (isPast ? -spanMs : spanMs))
  }
  if (text === 'now') return nowMs
  const isoTime = ISO.test(text) ? Date.parse(text) : Number.NaN
  const time = /^\d{5,16}$/.test(text) ? Number(text) : isoTime
  if (Number.isFinite(time) && time >= 0) return time
  throw new UsageError(option, TIME_FORMS, JSON.stringify(text))
}

/** A whole number that somebody typed. @throws UsageError */
export function wholeOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  throw new UsageError(option, `a whole number from ${least} to ${most}`, JSON.stringify(text))
}
