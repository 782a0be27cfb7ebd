import { describe, expect, it } from 'vitest'
import type { Turn } from '../src/measure/contest.js'
import { type Figure, reportFigure, valueIn } from '../src/report/figure.js'
import { formatFigures } from '../src/report/table.js'

const ratio: Figure = {
  name: 'sips',
  compare: 'ratio',
  a: 'water',
  b: 'tea',
  noise: 'water-again',
  of: (sample) => valueIn(sample, 'sips'),
  unit: 'sips/s',
  goal: { atLeast: 0.85 },
}
const difference: Figure = { ...ratio, compare: 'difference', unit: 'us', goal: { atMost: 6 } }

const turn = (water: number, tea: number, again = water): Turn => ({
  water: { sips: water },
  tea: { sips: tea },
  'water-again': { sips: again },
})
const rounds = [
  [turn(100, 80), turn(200, 160), turn(10, 100)],
  [turn(100, 90), turn(1000, 900)],
  [turn(100, 70)],
]

describe('reportFigure', () => {
  it("takes the median of the rounds' medians, turn by turn, and their quartiles", () => {
    const report = reportFigure('cup', ratio, rounds)
    expect(report.value).toBeCloseTo(0.8)
    expect(report.roundValues).toEqual([0.8, 0.9, 0.7].map((value) => expect.closeTo(value)))
    expect(report.spread).toEqual({ from: expect.closeTo(0.75), to: expect.closeTo(0.85) })
    expect(report.noise).toBe(1)
    expect(report.absolute).toEqual({ a: 100, b: 95, unit: 'sips/s' })
  })

  it('takes differences where a difference is asked for', () => {
    expect(reportFigure('cup', difference, [[turn(10, 14)], [turn(20, 25)]]).value).toBe(4.5)
  })

  it('knows goals of both directions, and none', () => {
    const met = (figure: Figure) => reportFigure('cup', figure, rounds).isMet
    expect(met(ratio)).toBe(false)
    expect(met({ ...ratio, goal: { atLeast: 0.8 } })).toBe(true)
    expect(met({ ...ratio, goal: { atMost: 0.79 } })).toBe(false)
    expect(met({ ...ratio, goal: { atMost: 0.81 } })).toBe(true)
    expect(met({ ...ratio, goal: null })).toBeNull()
  })

  it('calls a row noisy when equal programs differ', () => {
    const noisy = (figure: Figure, again: number) =>
      reportFigure('cup', figure, [[turn(100, 100, again)]]).isNoisy
    expect(noisy(ratio, 104)).toBe(false)
    expect(noisy(ratio, 94)).toBe(true)
    expect(noisy(difference, 100.5)).toBe(false)
    expect(noisy(difference, 99)).toBe(true)
  })

  it('compares with the turn of a base in the pair', () => {
    const taken: Turn = {
      tea: { sips: 60 },
      'water beside tea': { sips: 40 },
      'water-again': { sips: 30 },
      'water beside water-again': { sips: 10 },
    }
    const report = reportFigure('cup', ratio, [[taken]])
    expect(report).toMatchObject({ value: 1.5, noise: 3, absolute: { a: 40, b: 60 } })
    const sides = { ...ratio, a: 'water-again', noise: null }
    const against = (take: 'ratio' | 'added', name = 'water') =>
      reportFigure('cup', { ...sides, base: { name, take } }, [[taken]])
    expect(against('ratio')).toMatchObject({ value: 0.5, absolute: { a: 3, b: 1.5 } })
    expect(against('added')).toMatchObject({ value: 0.25, absolute: { a: 2, b: 0.5 } })
    expect(() => against('added', 'milk')).toThrow('No turn of milk')
  })

  it('has no noise where there is no second program of a', () => {
    const report = reportFigure('cup', { ...ratio, noise: null }, [[turn(100, 90, 500)]])
    expect(report).toMatchObject({ value: 0.9, noise: null, isNoisy: false, noiseRoundValues: [] })
  })

  it('fails for a figure that a program did not tell', () => {
    const of: Figure['of'] = (sample) => valueIn(sample, 'gulps')
    expect(() => reportFigure('cup', { ...ratio, of }, rounds)).toThrow('A sample without gulps')
  })
})

describe('formatFigures', () => {
  it('lines the columns up and puts notes below', () => {
    const reports = [
      reportFigure('cup', ratio, rounds),
      { ...reportFigure('large-cup', difference, [[turn(10, 14, 12)]]), note: 'spilled 3' },
    ]
    expect(formatFigures(reports).split('\n')).toEqual([
      'scenario   figure  value    spread       A/A         goal     met  a -> b',
      'cup        sips    0.80     0.75 - 0.85  1.00        >= 0.85  no   100 -> 95.0 sips/s',
      'large-cup  sips    4.00 us  4.00 - 4.00  2.00 noisy  <= 6     yes  10.0 -> 14.0 us',
      'large-cup, sips: spilled 3',
    ])
  })
})
