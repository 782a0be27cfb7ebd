import { beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { backoffMs, within } from '../../src/kit/waiting.js'

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

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

const never = new Promise<never>(() => undefined)

it('gives what the promise gives, and leaves no timer behind', async () => {
  expect(await within(Promise.resolve(1), 50)).toBe(1)
  await expect(within(Promise.reject(new Error('no')), 50)).rejects.toThrow('no')
  expect(vi.getTimerCount()).toBe(0)
})

it('gives undefined, or what it is told to give, when the time is over', async () => {
  const late = Promise.all([within(never, 50), within(never, 50, () => 'late')])
  await vi.advanceTimersByTimeAsync(50)
  expect(await late).toEqual([undefined, 'late'])
})

it('throws what it is told to throw when the time is over', async () => {
  const late = within(never, 50, () => {
    throw new Error('too late')
  })
  const refused = expect(late).rejects.toThrow('too late')
  await vi.advanceTimersByTimeAsync(50)
  await refused
})
