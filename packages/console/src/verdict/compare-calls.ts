import type { CallFigures } from '@fastify-scs/store'
import { changeOf, type Share, type ShareChange } from './share.js'

/** What can be said of a release, or of one of its figures. */
export type Verdict = 'worse' | 'same' | 'better' | 'too little traffic'

/** What is said of one figure, and why. */
export interface Judgement {
  readonly verdict: Verdict
  /** Of words of ours and numbers only. */
  readonly reason: string
}

/** What is compared of the calls. */
export type ComparedFigures = Pick<CallFigures, 'calls' | 'failed' | 'p95Ms' | 'buckets'>

/** Where more than this may hide behind chance, nothing is said: 10 of 100 calls. */
const BLIND = 0.1
/** A failure rate that has changed by less is the same, whatever the statistics say: 1 of 1,000 calls. */
const LEAST_RATE = 0.001
/** A p95 that is higher by less is the same: percentiles are known to an eighth of themselves. */
const LEAST_RATIO = 1.25

/** Compares how many calls failed. */
export function judgeFailures(before: ComparedFigures, since: ComparedFigures): Judgement {
  const from = { hits: before.failed, total: before.calls }
  const to = { hits: since.failed, total: since.calls }
  const counts = `${ofCalls(from)} failed before, ${ofCalls(to)} since`
  return judged(from, to, counts, rateOf(to) - rateOf(from), LEAST_RATE)
}

/** Compares how slow calls were, by how many took longer than the lower of both p95. */
export function judgeDurations(before: ComparedFigures, since: ComparedFigures): Judgement {
  // Both histograms have the same bounds.
  const limitMs = Math.min(p95BoundOf(before), p95BoundOf(since))
  const from = slowerThan(limitMs, before)
  const to = slowerThan(limitMs, since)
  const counts = `p95 ${inMs(before.p95Ms)} before, ${inMs(since.p95Ms)} since; ${ofCalls(from)} took longer than ${inMs(limitMs)} before, ${ofCalls(to)} since`
  const hasMoved =
    since.p95Ms >= before.p95Ms * LEAST_RATIO || since.p95Ms * LEAST_RATIO <= before.p95Ms
  const change = rateOf(to) - rateOf(from)
  return judged(from, to, counts, change, hasMoved ? 0 : Number.POSITIVE_INFINITY)
}

/** One verdict of several: the worst that is known decides. */
export function verdictOf(judgements: readonly Judgement[]): Verdict {
  const verdicts = new Set(judgements.map(({ verdict }) => verdict))
  const order: readonly Verdict[] = ['worse', 'better', 'same']
  return order.find((each) => verdicts.has(each)) ?? 'too little traffic'
}

function judged(
  from: Share,
  to: Share,
  counts: string,
  change: number,
  leastChange: number,
): Judgement {
  const { least, most }: ShareChange = changeOf(from, to)
  const isRelevant = Math.abs(change) >= leastChange
  if (least > 0 && isRelevant)
    return { verdict: 'worse', reason: `${counts}: more than chance explains` }
  if (most < 0 && isRelevant)
    return { verdict: 'better', reason: `${counts}: fewer than chance explains` }
  if (most > BLIND || least < -BLIND)
    return {
      verdict: 'too little traffic',
      reason: `${counts}: a change of up to ${points(Math.max(most, -least))} could hide behind so few calls`,
    }
  return {
    verdict: 'same',
    reason: `${counts}: no change that matters; a rise of ${points(most)} or more would show`,
  }
}

function p95BoundOf({ calls, buckets }: ComparedFigures): number {
  return buckets.find(({ count }) => count >= calls * 0.95)?.leMs ?? 0
}

function slowerThan(limitMs: number, { calls, buckets }: ComparedFigures): Share {
  // Only bounds at which the count grows are told.
  const within = buckets.findLast(({ leMs }) => leMs <= limitMs)?.count ?? 0
  return { hits: Math.max(0, calls - within), total: calls }
}

function rateOf({ hits, total }: Share): number {
  return total === 0 ? 0 : hits / total
}

function ofCalls({ hits, total }: Share): string {
  const percent = total === 0 ? '' : ` (${Math.round((hits / total) * 1_000) / 10} %)`
  return `${hits} of ${total} calls${percent}`
}

function points(share: number): string {
  return `${Math.round(share * 1_000) / 10} percentage points`
}

function inMs(ms: number): string {
  return `${Math.round(ms * 10) / 10} ms`
}
