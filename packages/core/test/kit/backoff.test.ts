import { expect, it } from 'vitest'
import { backoffMs } from '../../src/kit/backoff.js'

const LIMITS = { retryMs: 100, maxRetryMs: 1_000 }

it('doubles with each failure, up to the limit', () => {
  const waits = [1, 2, 3, 4, 5, 6].map((failures) => backoffMs(failures, LIMITS, () => 0.5))
  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000])
})

it('varies by 25 % to both sides', () => {
  expect(backoffMs(2, LIMITS, () => 0)).toBe(150)
  expect(backoffMs(2, LIMITS, () => 1)).toBe(250)
  const waits = new Set(Array.from({ length: 50 }, () => backoffMs(1, LIMITS)))
  expect(waits.size).toBeGreaterThan(10)
})
