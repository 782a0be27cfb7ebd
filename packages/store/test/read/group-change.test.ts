import { expect, it } from 'vitest'
import type { GroupChange } from '../../src/index.js'
import { resolveGroupChange } from '../../src/read/group-change.js'

const CHANGE = { expected: 0, by: 'ada', at: 7 }

function refusal(given: object): string {
  try {
    resolveGroupChange({ ...CHANGE, ...given } as GroupChange)
  } catch (error) {
    return (error as Error).message
  }
  return 'none'
}

it('a change that contradicts itself is refused, with the field that does', () => {
  expect(refusal({ status: 'resolved', mutedUntil: 9 })).toMatch(/mutedUntil: .*'muted', got 9/)
  expect(refusal({ status: 'open', mutedForOccurrences: 9 })).toMatch(/mutedForOccurrences/)
  expect(refusal({ reason: 'known' })).toMatch(/reason: expected nothing without .*'muted'/)
  expect(refusal({ status: 'muted', resolvedIn: '1.0.0' })).toMatch(/resolvedIn: .*'resolved'/)
  expect(refusal({ resolvedIn: '1.0.0' })).toMatch(/resolvedIn/)
  // Nothing that would be lost.
  expect(refusal({ status: 'open', mutedUntil: null, reason: null, resolvedIn: null })).toBe('none')
})

it('texts that are too long are refused and not cut', () => {
  for (const [field, maxChars, status] of [
    ['by', 512, undefined],
    ['assignee', 512, undefined],
    ['note', 10_000, undefined],
    ['reason', 2_000, 'muted'],
    ['resolvedIn', 512, 'resolved'],
  ] as const) {
    const given = (chars: number) => ({ [field]: 'x'.repeat(chars), ...(status && { status }) })
    expect(refusal(given(maxChars))).toBe('none')
    expect(refusal(given(maxChars + 1))).toContain(`${maxChars + 1} characters`)
    expect(refusal({ ...given(1), [field]: 7 })).toContain(field)
  }
})

it('numbers, the status and names of fields are checked', () => {
  for (const [given, name] of [
    [{ expected: 0.5 }, 'expected'],
    [{ expected: '0' }, 'expected'],
    [{ at: -1 }, 'at'],
    [{ status: 'regressed' }, 'status'],
    [{ status: null }, 'status'],
    [{ status: 'muted', mutedUntil: Number.NaN }, 'mutedUntil'],
    [{ status: 'muted', mutedForOccurrences: 0 }, 'mutedForOccurrences'],
    [{ asignee: 'ada' }, 'assignee'],
  ] as const)
    expect(refusal(given)).toContain(name)
})

it('what was not given is not in the change that an adapter gets', () => {
  expect(resolveGroupChange({ ...CHANGE, note: 'a\0' })).toEqual({ ...CHANGE, note: 'a\ufffd' })
})
