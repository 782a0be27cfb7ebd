import { describe, expect, it } from 'vitest'
import { createRedactor } from '../../src/redact/redactor.js'
import { WorkBudget } from '../../src/redact/work-budget.js'

const MARKER = /\[truncated: \d+ bytes\]$/
const redactor = createRedactor()

describe('a work budget', () => {
  it('is spent once nothing is left', () => {
    const budget = new WorkBudget(10)
    expect([budget.spend(4), budget.spend(5.5), budget.isSpent]).toEqual([true, true, false])
    expect([budget.spend(1), budget.isSpent, budget.spend(0)]).toEqual([false, true, false])
  })

  it('takes off what was done on a share of it, and no more than the share had', () => {
    const budget = new WorkBudget(100)
    const share = budget.share(0.25)
    share.spend(5)
    budget.settle(share)
    expect([budget.spentUnits, budget.affords(94), budget.affords(95)]).toEqual([5, true, false])
    const other = budget.share(0.2)
    expect([other.spend(18), other.spend(1_000)]).toEqual([true, false])
    other.hasMetBadJson = true
    budget.settle(other)
    expect([budget.spentUnits, budget.hasMetBadJson]).toEqual([24, true])
    expect(budget.share(1).hasMetBadJson).toBe(true)
  })

  it('cuts a text where it is spent, and lets nothing through unread', () => {
    const text = 'name: x, password: canary, '.repeat(1000)
    const cut = redactor.text(text, new WorkBudget(1000))
    expect(cut).toMatch(MARKER)
    expect(cut).toContain('name: x, password: [redacted]')
    expect(cut).not.toContain('canary')
  })

  it.each([
    ['text', () => redactor.text('password=canary', new WorkBudget(0))],
    ['json', () => redactor.json('{"password":"canary"}', new WorkBudget(0))],
    ['form', () => redactor.form('a=canary&password=canary', new WorkBudget(0))],
    ['url', () => redactor.url('https://u:canary@h/?password=canary', new WorkBudget(0))],
    ['value', () => JSON.stringify(redactor.value({ a: 'canary=1' }, new WorkBudget(0)))],
    ['headers', () => JSON.stringify(redactor.headers({ 'x-a': 'canary=1' }, new WorkBudget(0)))],
  ])('replaces the whole input of the method %s when it is spent', (_, call) => {
    expect(call()).toContain('[truncated: ')
    expect(call()).not.toContain('canary')
  })

  it('can be shared by several calls', () => {
    const budget = new WorkBudget(2000)
    const text = 'a: b, '.repeat(100)
    expect(redactor.text(text, budget)).toBe(text)
    budget.spend(2000)
    expect(redactor.text(text, budget)).toMatch(MARKER)
    expect(redactor.text(text)).toBe(text)
  })

  it('counts operations, so the same text always takes the same number of units', () => {
    const text = `${"'pin=x".repeat(500)} Bearer abc.def https://u:p@h/?a=b%20c`
    const spent = [1, 2].map(() => {
      const budget = new WorkBudget()
      createRedactor().text(text, budget)
      return budget.spentUnits
    })
    expect(spent[0]).toBe(spent[1])
  })
})
