import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RetryClock } from '../../src/writer/dispatcher.js'

const LIMITS = { retryMs: 100, maxRetryMs: 5_000 }

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** How long the clock waits before its next attempt, in milliseconds. */
function waitOf(clock: RetryClock, attempts: { count: number }): number {
  const before = attempts.count
  const startMs = Date.now()
  clock.schedule()
  while (attempts.count === before) vi.advanceTimersByTime(1)
  return Date.now() - startMs
}

function clockOf(chance: number): { clock: RetryClock; attempts: { count: number } } {
  vi.spyOn(Math, 'random').mockReturnValue(chance)
  const attempts = { count: 0 }
  const clock = new RetryClock(LIMITS, () => {
    attempts.count++
  })
  return { clock, attempts }
}

describe('RetryClock', () => {
  it('waits twice as long before each new attempt, up to the limit', () => {
    const { clock, attempts } = clockOf(0.5)
    const waits = Array.from({ length: 8 }, () => waitOf(clock, attempts))
    expect(waits).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000])
  })

  it('begins with the shortest wait again after an attempt that succeeded', () => {
    const { clock, attempts } = clockOf(0.5)
    for (let failures = 0; failures < 5; failures++) waitOf(clock, attempts)
    clock.reset()
    expect([waitOf(clock, attempts), waitOf(clock, attempts)]).toEqual([100, 200])
  })

  it.each([
    [0, 75],
    [1, 125],
  ])('moves each wait by a quarter at most, by chance: %d', (chance, firstMs) => {
    const { clock, attempts } = clockOf(chance)
    expect(waitOf(clock, attempts)).toBe(firstMs)
  })

  it('waits once, however often it is asked meanwhile, and not at all once it is stopped', () => {
    const { clock, attempts } = clockOf(0.5)
    clock.schedule()
    clock.schedule()
    vi.advanceTimersByTime(10_000)
    expect(attempts.count).toBe(1)
    clock.schedule()
    clock.stop()
    vi.advanceTimersByTime(10_000)
    expect(attempts.count).toBe(1)
  })
})
