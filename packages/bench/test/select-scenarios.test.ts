import { describe, expect, it } from 'vitest'
import { scenarios } from '../src/scenarios/index.js'
import { selectScenarios } from '../src/scenarios/scenario.js'

describe('selectScenarios', () => {
  it('takes all without a name, but those that only run by their name', () => {
    const left = scenarios.filter((scenario) => !selectScenarios(scenarios, []).includes(scenario))
    expect(left.map((scenario) => scenario.name)).toEqual([
      'store-soak',
      'store-kill-window',
      'under-faults',
      'console-views-sqlite',
      'console-views-postgres',
    ])
    const names = left.map((scenario) => scenario.name)
    expect(selectScenarios(scenarios, names)).toEqual(left)
  })

  it('takes the named ones in the order they are asked for', () => {
    const selected = selectScenarios(scenarios, ['abort', 'happy-path'])
    expect(selected.map((scenario) => scenario.name)).toEqual(['abort', 'happy-path'])
  })

  it('lists the names that exist when it does not know one', () => {
    const known = scenarios.map((scenario) => scenario.name).join(', ')
    expect(() => selectScenarios(scenarios, ['abort', 'sentry'])).toThrow(
      `Unknown scenario 'sentry'. Known: ${known}`,
    )
  })
})

describe('scenarios', () => {
  it('have a name each', () => {
    expect(new Set(scenarios.map((scenario) => scenario.name)).size).toBe(scenarios.length)
  })
})
