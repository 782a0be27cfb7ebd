import { expect, it } from 'vitest'
import { grownStreak, isReportDue, NO_STREAK, nextDueAt } from '../../src/kit/growth.js'

/** The numbers of the occurrences that are reported, when each is counted by itself. */
function reported(occurrences: number, growth: number): number[] {
  const rules = { growth, quietMs: 1_000 }
  const numbers: number[] = []
  let streak = NO_STREAK
  for (let number = 1; number <= occurrences; number++) {
    streak = grownStreak(streak, 1, 0, rules)
    if (!isReportDue(streak)) continue
    numbers.push(number)
    streak = { ...streak, dueAt: nextDueAt(streak, rules) }
  }
  return numbers
}

it('with a growth of 2 the 1st, 2nd, 4th, 8th ... occurrence is reported', () => {
  expect(reported(260, 2)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256])
})

it('with a growth of 1 each occurrence is reported, and with one between at least one more is waited for', () => {
  expect(reported(4, 1)).toEqual([1, 2, 3, 4])
  expect(reported(12, 1.5)).toEqual([1, 2, 3, 5, 8, 12])
})

it('an occurrence after the quiet time begins a new streak', () => {
  const rules = { growth: 2, quietMs: 1_000 }
  expect(grownStreak({ streak: 100, dueAt: 128 }, 3, 999, rules)).toEqual({
    streak: 103,
    dueAt: 128,
  })
  expect(grownStreak({ streak: 100, dueAt: 128 }, 3, 1_000, rules)).toEqual({ streak: 3, dueAt: 1 })
})

it('a batch that passes several occurrences at which a report is due is one report', () => {
  const rules = { growth: 2, quietMs: 1_000 }
  const streak = grownStreak(NO_STREAK, 100, 0, rules)
  expect(isReportDue(streak)).toBe(true)
  expect(nextDueAt(streak, rules)).toBe(101)
})

it('counts stay exact whole numbers', () => {
  const rules = { growth: 1_000, quietMs: 1_000 }
  const most = { streak: Number.MAX_SAFE_INTEGER, dueAt: Number.MAX_SAFE_INTEGER }
  expect(grownStreak(most, 5, 0, rules).streak).toBe(Number.MAX_SAFE_INTEGER)
  expect(nextDueAt(most, rules)).toBe(Number.MAX_SAFE_INTEGER)
})
