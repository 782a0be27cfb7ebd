import { describe, expect, it } from 'vitest'
import type { FigureReport } from '../src/report/figure.js'
import { isMissed, noiseOf, readGoals, withGoal } from '../src/report/goals.js'
import type { ScenarioReport } from '../src/report/pair-report.js'
import { pairScenarios } from '../src/scenarios/pairs.js'

const pair: ScenarioReport = {
  scenario: 'tea',
  measures: 'Water against tea',
  ratio: 1.2,
  spread: { from: 1.19, to: 1.21 },
  noiseRatio: 1.01,
  isNoisy: false,
  goal: null,
  isMet: null,
  cpuMicros: { a: 10, b: 12 },
  roundRatios: [1.19, 1.2, 1.21],
  noiseRoundRatios: [0.97, 1.01, 1.01],
}
const figure: FigureReport = {
  scenario: 'kettle',
  figure: 'main thread per cup',
  compare: 'difference',
  value: 4,
  spread: null,
  noise: 0.1,
  isNoisy: false,
  goal: null,
  isMet: null,
  absolute: { a: 1, b: 5, unit: 'us' },
  roundValues: [4],
  noiseRoundValues: [0.5],
}

describe('withGoal', () => {
  it('judges a pair by the name of its scenario, a figure by both names', () => {
    expect(withGoal(pair, { tea: 1.1 }, '24')).toMatchObject({ goal: 1.1, isMet: false })
    const goals = { 'kettle: main thread per cup': 3 }
    expect(withGoal(figure, goals, '24')).toMatchObject({ goal: { atMost: 3 }, isMet: false })
    expect(withGoal(figure, { 'kettle: main thread per cup': { atLeast: 3 } }, '24').isMet).toBe(
      true,
    )
  })

  it('takes the goal of the Node that was measured', () => {
    const goals = { tea: { '20': 1.3, '24': 1.1 } }
    expect(withGoal(pair, goals, '20').isMet).toBe(true)
    expect(withGoal(pair, goals, '24').isMet).toBe(false)
    expect(withGoal(pair, goals, '22')).toBe(pair)
  })

  it('leaves a report as it is that no goal is set for', () => {
    expect(withGoal(pair, {}, '24')).toBe(pair)
  })
})

describe('isMissed', () => {
  it('takes off the noise of the same run', () => {
    // Rounds of A against A whose quartiles are 0.99 and 1.01.
    expect(noiseOf(pair)).toBeCloseTo(0.01)
    expect(isMissed(withGoal(pair, { tea: 1.195 }, '24'))).toBe(false)
    expect(isMissed(withGoal(pair, { tea: 1.185 }, '24'))).toBe(true)
  })

  it('takes it off a difference too, and adds it where more is better', () => {
    const name = 'kettle: main thread per cup'
    expect(isMissed(withGoal(figure, { [name]: 3.6 }, '24'))).toBe(false)
    expect(isMissed(withGoal(figure, { [name]: 3.4 }, '24'))).toBe(true)
    expect(isMissed(withGoal(figure, { [name]: { atLeast: 4.4 } }, '24'))).toBe(false)
    expect(isMissed(withGoal(figure, { [name]: { atLeast: 4.6 } }, '24'))).toBe(true)
  })

  it('is false without a goal, and with one that is met', () => {
    expect(isMissed(pair)).toBe(false)
    expect(isMissed(withGoal(pair, { tea: 1.2 }, '24'))).toBe(false)
  })
})

it('goals.json names pairs of servers that exist', () => {
  const names = new Set(pairScenarios.map(({ name }) => name))
  const given = Object.keys(readGoals()).filter((name) => !name.includes(': '))
  expect(given.filter((name) => !names.has(name))).toEqual([])
})
