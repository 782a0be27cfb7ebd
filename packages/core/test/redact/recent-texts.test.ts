import { expect, it, vi } from 'vitest'
import type { RedactRules } from '../../src/redact/redact-rules.js'
import { withCleanTexts, withRecentTexts } from '../../src/redact/redactor.js'
import { WorkBudget } from '../../src/redact/work-budget.js'

const rules = { budget: new WorkBudget() } as RedactRules
const long = (name: string): string => name.repeat(300)

it('the results for the last 32 texts are cached', () => {
  const make = vi.fn((text: string) => text.toUpperCase())
  const recent = withRecentTexts(make)
  for (let round = 0; round < 3; round++) expect(recent(long('a'), rules)).toBe(long('A'))
  expect(make).toHaveBeenCalledTimes(1)
  for (let at = 0; at < 32; at++) recent(long(`${at}.`), rules)
  expect(recent(long('a'), rules)).toBe(long('A'))
  expect(make).toHaveBeenCalledTimes(34)
})

it('short and very long texts are not cached', () => {
  const make = vi.fn((text: string) => text)
  const recent = withRecentTexts(make)
  for (const text of ['short', long('x').repeat(100)]) {
    recent(text, rules)
    recent(text, rules)
  }
  expect(make).toHaveBeenCalledTimes(4)
})

it('a short text without a secret is not redacted again while it is among the last 256', () => {
  const redact = vi.fn((text: string) => text)
  const clean = withCleanTexts(redact)
  for (let round = 0; round < 3; round++) expect(clean('timeout=72', rules)).toBe('timeout=72')
  expect(redact).toHaveBeenCalledTimes(1)
  for (let at = 0; at < 256; at++) clean(`timeout=${at}s`, rules)
  clean('timeout=72', rules)
  expect(redact).toHaveBeenCalledTimes(258)
})

it('a text with a secret is redacted each time, and so is a long text', () => {
  const redact = vi.fn((text: string) => text.replace('secret', 'hidden'))
  const clean = withCleanTexts(redact)
  for (let round = 0; round < 2; round++) {
    expect(clean('the secret', rules)).toBe('the hidden')
    clean(long('x'), rules)
  }
  expect(redact).toHaveBeenCalledTimes(4)
})

it('a text that was cut because the budget was spent is not cached', () => {
  const spent = { budget: new WorkBudget(0) } as RedactRules
  const make = vi.fn((text: string) => text)
  const recent = withRecentTexts(make)
  recent(long('a'), spent)
  recent(long('a'), rules)
  recent(long('a'), rules)
  expect(make).toHaveBeenCalledTimes(2)
})
