import { REQUESTS_PER_BURST } from '../measure/contestant.js'
import type { Measurement, Pair } from '../measure/paired-burst.js'
import type { Scenario } from '../scenarios/scenario.js'
import { median, quantile } from './statistics.js'

/** How far the A/A ratio may be from 1 before the row is called noisy. */
const MAX_NOISE = 0.03

/** What one scenario showed. */
export interface ScenarioReport {
  readonly scenario: string
  readonly measures: string
  /** The median over the rounds of each round's median of b / a, so that one odd process weighs no more than a round. */
  readonly ratio: number
  /** The quartiles of the rounds' medians. */
  readonly spread: { from: number; to: number }
  /** The same median for a against another process of a. */
  readonly noiseRatio: number
  /** Whether the A/A ratio is so far from 1 that the row should not be trusted. */
  readonly isNoisy: boolean
  readonly goal: number | null
  /** Null when there is no goal. */
  readonly isMet: boolean | null
  /** The median CPU time of a request, in microseconds: for orientation, it varies with the machine's load. */
  readonly cpuMicros: { a: number; b: number }
  readonly roundRatios: number[]
  readonly noiseRoundRatios: number[]
}

/** Draws the figures of a scenario from its pairs. */
export function reportOn(scenario: Scenario, measurement: Measurement): ScenarioReport {
  const { goal = null } = scenario
  const pairs = measurement.rounds.flat()
  const roundRatios = measurement.rounds.map(medianRatio)
  const noiseRoundRatios = measurement.noiseRounds.map(medianRatio)
  const ratio = median(roundRatios)
  const noiseRatio = median(noiseRoundRatios)
  return {
    scenario: scenario.name,
    measures: scenario.measures,
    ratio,
    spread: { from: quantile(roundRatios, 0.25), to: quantile(roundRatios, 0.75) },
    noiseRatio,
    isNoisy: Math.abs(noiseRatio - 1) > MAX_NOISE,
    goal,
    isMet: goal === null ? null : ratio <= goal,
    cpuMicros: {
      a: requestMicros(pairs.map((pair) => pair.aNs)),
      b: requestMicros(pairs.map((pair) => pair.bNs)),
    },
    roundRatios,
    noiseRoundRatios,
  }
}

function medianRatio(pairs: readonly Pair[]): number {
  return median(pairs.map((pair) => pair.bNs / pair.aNs))
}

function requestMicros(burstNs: readonly number[]): number {
  return median(burstNs) / REQUESTS_PER_BURST / 1000
}
