import { type FigureReport, isMet, valueIn } from '../figure.js'
import type { Sample } from '../participant.js'
import { median } from '../statistics.js'

const GOAL = { atMost: 1.1 } as const
const MB = 1_000_000

/** What a soak showed: a sample each ten seconds, and the counts after the last record. */
export interface Soak {
  readonly rowsPerSecond: number
  readonly samples: readonly Sample[]
  readonly end: Sample
}

/** Samples of a minute. */
export const SAMPLES_PER_MINUTE = 6

/** Draws the figures of a soak: the last minute against the first. */
export function reportSoak(scenario: string, soak: Soak): FigureReport[] {
  return [
    { ...growthOf(scenario, 'RSS, last minute / first', 'rssBytes', soak), note: noteOn(soak) },
    growthOf(scenario, 'heap, last minute / first', 'heapBytes', soak),
  ]
}

function growthOf(scenario: string, figure: string, name: string, soak: Soak): FigureReport {
  const series = soak.samples.map((sample) => valueIn(sample, name) / MB)
  const a = median(series.slice(0, SAMPLES_PER_MINUTE))
  const b = median(series.slice(-SAMPLES_PER_MINUTE))
  return {
    scenario,
    figure,
    compare: 'ratio',
    value: b / a,
    spread: null,
    noise: null,
    isNoisy: false,
    goal: GOAL,
    isMet: isMet(GOAL, b / a),
    absolute: { a, b, unit: 'MB' },
    roundValues: series,
    noiseRoundValues: [],
  }
}

function noteOn({ rowsPerSecond, end }: Soak): string {
  const [offered, written, shed] = ['offered', 'written', 'shed'].map((name) => valueIn(end, name))
  const missing = Number(offered) - Number(written) - Number(shed) - valueIn(end, 'deadLettered')
  return [
    `the store can take ${Math.round(rowsPerSecond)} rows/s`,
    `offered ${offered}`,
    `written ${written}`,
    `shed ${shed}`,
    `without bodies ${valueIn(end, 'shedBodies')}`,
    `unaccounted ${missing}`,
  ].join(', ')
}
