import type { Span } from './spread-counts.js'

const HOUR_MS = 3_600_000

/** The spans that charts can show. */
export const RANGES = ['1h', '24h', '7d', '30d'] as const
export type RangeName = (typeof RANGES)[number]

/** How a span is called in a sentence. */
export const RANGE_TEXTS: Readonly<Record<RangeName, string>> = {
  '1h': 'last hour',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
}

const LENGTHS_MS: Readonly<Record<RangeName, number>> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 168 * HOUR_MS,
  '30d': 720 * HOUR_MS,
}

/** The span that the address names; a day where it names none of those that can be chosen. */
export function rangeOf(text: string | null, ranges: readonly RangeName[] = RANGES): RangeName {
  return ranges.find((range) => range === text) ?? '24h'
}

/**
 * From when to when a span goes. Its end is rounded up, so that the same question within a minute, or within ten for a longer span, is
 * asked once.
 */
export function spanOf(range: RangeName, now: number): Omit<Span, 'bucketMs'> {
  const stepMs = range === '1h' ? 60_000 : 600_000
  const to = Math.ceil(now / stepMs) * stepMs
  return { from: to - LENGTHS_MS[range], to }
}
