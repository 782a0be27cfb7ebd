import { setTimeout as delay } from 'node:timers/promises'
import { Participant, type Sample } from '../measure/participant.js'
import { type FigureReport, isMet, valueIn } from '../report/figure.js'
import { median } from '../report/statistics.js'
import type { FigureScenario } from './scenario.js'

const module = new URL('../programs/store-soak.js', import.meta.url)
/** Samples of a minute. */
export const SAMPLES_PER_MINUTE = 6
const SAMPLE_MS = 60_000 / SAMPLES_PER_MINUTE
const DEFAULT_MINUTES = 10

/** Memory and the size of the file while records arrive at twice the rate that the store can take. */
export const storeSoak: FigureScenario = {
  name: 'store-soak',
  measures: 'Memory and file at twice the rate that the store can take, a sample each ten seconds',
  isByNameOnly: true,
  measure({ minutes = DEFAULT_MINUTES }) {
    return Participant.with({ module, args: [] }, async (host) => {
      const rowsPerSecond = valueIn(await host.ask('calibrate'), 'rowsPerSecond')
      await host.ask('start')
      const samples: Sample[] = []
      for (let count = 1; count <= minutes * SAMPLES_PER_MINUTE; count += 1) {
        await delay(SAMPLE_MS)
        const sample = await host.ask('sample')
        samples.push(sample)
        console.error(`${(count * SAMPLE_MS) / 1_000} s: ${lineOf(sample)}`)
      }
      return reportSoak(storeSoak.name, { rowsPerSecond, samples, end: await host.ask('end') })
    })
  },
}

function lineOf(sample: Sample): string {
  const megabytes = ['rssBytes', 'heapBytes', 'queuedBytes', 'storedBytes', 'fileBytes'].map(
    (name) => `${name.replace('Bytes', '')} ${Math.round(valueIn(sample, name) / 1_000_000)} MB`,
  )
  const counts = ['queuedRecords', 'written', 'shed', 'shedBodies'].map(
    (name) => `${name} ${valueIn(sample, name)}`,
  )
  return [...megabytes, ...counts].join(', ')
}

const GOAL = { atMost: 1.1 } as const
/** Retention works in chunks off the hot path, so that the file may be larger than its limit for a while. */
const FILE_GOAL = { atMost: 1.25 } as const
const MB = 1_000_000

/** What a soak showed: a sample each ten seconds, and the counts after the last record. */
export interface Soak {
  readonly rowsPerSecond: number
  readonly samples: readonly Sample[]
  readonly end: Sample
}

/** A soak runs once, beside nothing. */
const withoutNoise = {
  compare: 'ratio',
  spread: null,
  noise: null,
  isNoisy: false,
  noiseRoundValues: [],
} as const

/** Draws the figures of a soak: memory in the last minute against the first, and the file against its limit. */
export function reportSoak(scenario: string, soak: Soak): FigureReport[] {
  return [
    { ...growthOf(scenario, 'RSS, last minute / first', 'rssBytes', soak), note: noteOn(soak) },
    growthOf(scenario, 'heap, last minute / first', 'heapBytes', soak),
    fileSizeOf(scenario, soak),
  ]
}

function fileSizeOf(scenario: string, { samples }: Soak): FigureReport {
  const series = samples.map((sample) => valueIn(sample, 'fileBytes') / MB)
  const a = Math.max(...samples.map((sample) => valueIn(sample, 'maxBytes') / MB))
  const b = Math.max(...series)
  return {
    ...withoutNoise,
    scenario,
    figure: 'file with its log, peak / maxBytes',
    value: b / a,
    goal: FILE_GOAL,
    isMet: isMet(FILE_GOAL, b / a),
    absolute: { a, b, unit: 'MB' },
    roundValues: series,
  }
}

function growthOf(scenario: string, figure: string, name: string, soak: Soak): FigureReport {
  const series = soak.samples.map((sample) => valueIn(sample, name) / MB)
  const a = median(series.slice(0, SAMPLES_PER_MINUTE))
  const b = median(series.slice(-SAMPLES_PER_MINUTE))
  return {
    ...withoutNoise,
    scenario,
    figure,
    value: b / a,
    goal: GOAL,
    isMet: isMet(GOAL, b / a),
    absolute: { a, b, unit: 'MB' },
    roundValues: series,
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
