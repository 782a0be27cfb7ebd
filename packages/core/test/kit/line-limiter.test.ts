import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { type HeldBackCounts, LineLimiter } from '../../src/kit/line-limiter.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
})

function limiterWith(linesAtOnce?: number): {
  limiter: LineLimiter
  summaries: HeldBackCounts[]
} {
  const summaries: HeldBackCounts[] = []
  const summarize = (heldBack: HeldBackCounts): void => void summaries.push(heldBack)
  const limits = linesAtOnce === undefined ? { summarize } : { linesAtOnce, summarize }
  const limiter = new LineLimiter({}, limits)
  onTestFinished(() => limiter.close())
  return { limiter, summaries }
}

it('the first line is written, the others of its second are summed up in one', () => {
  const { limiter, summaries } = limiterWith()
  expect([limiter.mayWrite('a'), limiter.mayWrite('a'), limiter.mayWrite('b', 5)]).toEqual([
    true,
    false,
    false,
  ])
  vi.advanceTimersByTime(999)
  expect(summaries).toEqual([])
  vi.advanceTimersByTime(1)
  expect(summaries).toEqual([{ a: 1, b: 5 }])
})

it('where one line is allowed, the summary is that of its second', () => {
  const { limiter, summaries } = limiterWith()
  limiter.mayWrite('a')
  limiter.mayWrite('a')
  vi.advanceTimersByTime(1_000)
  expect(limiter.mayWrite('a')).toBe(false)
  vi.advanceTimersByTime(1_000)
  expect(summaries).toEqual([{ a: 1 }, { a: 1 }])
  vi.advanceTimersByTime(1_000)
  expect(limiter.mayWrite('a')).toBe(true)
})

it('a line after a long silence holds the next one back for a whole second', () => {
  const { limiter } = limiterWith()
  vi.advanceTimersByTime(60_500)
  expect(limiter.mayWrite('a')).toBe(true)
  vi.advanceTimersByTime(999)
  expect(limiter.mayWrite('a')).toBe(false)
})

it('of several lines at once, each second gives one back, up to all of them', () => {
  const { limiter, summaries } = limiterWith(3)
  const written = (): number =>
    Array.from({ length: 5 }, () => limiter.mayWrite('a')).filter(Boolean).length
  expect(written()).toBe(3)
  vi.advanceTimersByTime(1_000)
  expect(summaries).toEqual([{ a: 2 }])
  expect(written()).toBe(1)
  vi.advanceTimersByTime(60_000)
  expect(written()).toBe(3)
})

it('closing sums up at once, and only where there is something', () => {
  const { limiter, summaries } = limiterWith()
  limiter.close()
  limiter.mayWrite('a')
  limiter.close()
  expect(summaries).toEqual([])
  limiter.mayWrite('a')
  limiter.close()
  vi.advanceTimersByTime(10_000)
  expect(summaries).toEqual([{ a: 1 }])
})

it('without a summary, what is held back is dropped', () => {
  const limiter = new LineLimiter({})
  expect([limiter.mayWrite('a'), limiter.mayWrite('a')]).toEqual([true, false])
  expect(vi.getTimerCount()).toBe(0)
})
