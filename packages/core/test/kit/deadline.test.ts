import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { within } from '../../src/kit/deadline.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

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
