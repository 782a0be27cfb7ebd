import { describe, expect, it } from 'vitest'
import type { Measurement, Pair } from '../src/measure/paired-burst.js'
import { reportOn } from '../src/report/pair-report.js'
import { formatTable } from '../src/report/table.js'
import type { Scenario } from '../src/scenarios/scenario.js'
import { tinySide } from './tiny-side.js'

const tea: Scenario = {
  name: 'tea',
  measures: 'Water against tea',
  goal: 1.31,
  sameBody: true,
  a: tinySide('one'),
  b: tinySide('two'),
}

const pairs = (...ratios: number[]): Pair[] =>
  ratios.map((ratio) => ({ aNs: 1_920_000, bNs: 1_920_000 * ratio }))

const measured: Measurement = {
  rounds: [pairs(1.1, 1.2, 1.2), pairs(1.2, 1.3, 9), pairs(1.1, 1.4, 1.4)],
  noiseRounds: [pairs(1, 1, 1.01), pairs(0.9, 1, 1.1), pairs(1, 1, 1)],
}

describe('reportOn', () => {
  it("takes the median of the rounds' medians, and their quartiles", () => {
    const report = reportOn(tea, measured)
    expect(report.ratio).toBeCloseTo(1.3)
    expect(report.noiseRatio).toBe(1)
    expect(report.roundRatios).toEqual([1.2, 1.3, 1.4].map((ratio) => expect.closeTo(ratio)))
    expect(report.spread).toEqual({ from: expect.closeTo(1.25), to: expect.closeTo(1.35) })
    expect(report.cpuMicros).toEqual({ a: expect.closeTo(10), b: expect.closeTo(12) })
  })

  it('meets a goal that the ratio does not exceed, and no goal is neither met nor missed', () => {
    expect(reportOn(tea, measured).isMet).toBe(true)
    expect(reportOn({ ...tea, goal: 1.29 }, measured).isMet).toBe(false)
    expect(reportOn({ ...tea, goal: null }, measured).isMet).toBeNull()
  })

  it('calls a row noisy when equal servers differ by more than 3 %', () => {
    expect(reportOn(tea, measured).isNoisy).toBe(false)
    expect(reportOn(tea, { ...measured, noiseRounds: [pairs(0.96)] }).isNoisy).toBe(true)
    expect(reportOn(tea, { ...measured, noiseRounds: [pairs(1.04)] }).isNoisy).toBe(true)
  })
})

describe('formatTable', () => {
  it('lines the columns up', () => {
    const missed = reportOn(
      { ...tea, name: 'strong-tea', goal: 1 },
      { ...measured, noiseRounds: [pairs(2)] },
    )
    const open = reportOn({ ...tea, goal: null }, measured)
    expect(formatTable([reportOn(tea, measured), missed, open]).split('\n')).toEqual([
      'scenario    ratio  spread       A/A         goal  met  us/request a -> b',
      'tea         1.30   1.25 - 1.35  1.00        1.31  yes  10.0 -> 12.0',
      'strong-tea  1.30   1.25 - 1.35  2.00 noisy  1.00  no   10.0 -> 12.0',
      'tea         1.30   1.25 - 1.35  1.00        -     -    10.0 -> 12.0',
    ])
  })
})
