import { besideName, type Turn } from '../measure/contest.js'
import { REQUESTS_PER_BURST } from '../measure/contestant.js'
import type { Sample } from '../measure/participant.js'
import { median, quantile } from './statistics.js'

/** How far the figure of two equal programs may be from none before the row is called noisy: for ratios. */
const MAX_RATIO_NOISE = 0.05
/** The same for differences, as a part of the goal. */
const MAX_DIFFERENCE_NOISE = 0.1

/** What is good enough. */
export type Goal = { readonly atMost: number } | { readonly atLeast: number }

/** One figure that is drawn from the turns of two programs. */
export interface Figure {
  /** What it says, in a few words. */
  readonly name: string
  /** `ratio` is b / a, `difference` is b - a. */
  readonly compare: 'ratio' | 'difference'
  /** The programs' names. */
  readonly a: string
  readonly b: string
  /** The base of the pairs of a and b, where neither is it: then their ratios to it are compared, or what they add to it. */
  readonly base?: { readonly name: string; readonly take: 'ratio' | 'added' }
  /** Another process of a, for the noise; null where there is none. */
  readonly noise: string | null
  readonly of: (sample: Sample) => number
  /** Unit of what is compared. */
  readonly unit: string
  readonly goal: Goal | null
}

/** Who is compared in a figure. */
export type FigureSides = Pick<Figure, 'a' | 'b' | 'base' | 'noise'>

/** CPU times in microseconds, or against the base, as a ratio b / a. */
export function cpuRatio(
  name: string,
  sides: FigureSides,
  of: Figure['of'],
  goal: Goal | null = null,
): Figure {
  return { ...sides, name, compare: 'ratio', of, unit: sides.base === undefined ? 'us' : '', goal }
}

/** What one figure showed. */
export interface FigureReport {
  readonly scenario: string
  readonly figure: string
  readonly compare: Figure['compare']
  /** The median over the rounds of each round's median. */
  readonly value: number
  /** The quartiles of the rounds' medians; null where there is but one. */
  readonly spread: { readonly from: number; readonly to: number } | null
  /** The same figure of two equal programs; null where there is none. */
  readonly noise: number | null
  readonly isNoisy: boolean
  readonly goal: Goal | null
  /** Null when there is no goal. */
  readonly isMet: boolean | null
  /** The medians of what is compared. */
  readonly absolute: { readonly a: number; readonly b: number; readonly unit: string }
  readonly roundValues: readonly number[]
  readonly noiseRoundValues: readonly number[]
  /** What else there is to say, in one line. */
  readonly note?: string
}

/** Draws a figure from the turns of all rounds. */
export function reportFigure(scenario: string, figure: Figure, rounds: Turn[][]): FigureReport {
  const { a, b, compare, goal } = figure
  const roundValues = rounds.map((turns) => medianOf(figure, turns, b))
  const noiseRoundValues = noiseOf(figure, rounds)
  const value = median(roundValues)
  const noise = noiseRoundValues.length === 0 ? null : median(noiseRoundValues)
  const turns = rounds.flat()
  return {
    scenario,
    figure: figure.name,
    compare,
    value,
    spread: { from: quantile(roundValues, 0.25), to: quantile(roundValues, 0.75) },
    noise,
    isNoisy: noise !== null && isNoisy(figure, noise),
    goal,
    isMet: isMet(goal, value),
    absolute: {
      a: median(turns.map((turn) => figureIn(figure, turn, a, b))),
      b: median(turns.map((turn) => figureIn(figure, turn, b, a))),
      unit: figure.unit,
    },
    roundValues,
    noiseRoundValues,
  }
}

/** Whether a value is good enough; null without a goal. */
export function isMet(goal: Goal | null, value: number): boolean | null {
  if (goal === null) return null
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast
}

function noiseOf(figure: Figure, rounds: Turn[][]): number[] {
  const { noise } = figure
  return noise === null ? [] : rounds.map((turns) => medianOf(figure, turns, noise))
}

function isNoisy({ compare, goal }: Figure, noise: number): boolean {
  if (compare === 'ratio') return Math.abs(noise - 1) > MAX_RATIO_NOISE
  const limit = goal === null ? 0 : 'atMost' in goal ? goal.atMost : goal.atLeast
  return Math.abs(noise) > limit * MAX_DIFFERENCE_NOISE
}

function medianOf(figure: Figure, turns: readonly Turn[], b: string): number {
  return median(
    turns.map((turn) => {
      const valueA = figureIn(figure, turn, figure.a, b)
      const valueB = figureIn(figure, turn, b, figure.a)
      return figure.compare === 'ratio' ? valueB / valueA : valueB - valueA
    }),
  )
}

function figureIn(figure: Figure, turn: Turn, name: string, other: string): number {
  const { base } = figure
  const value = figure.of(sampleIn(turn, name, other))
  if (base === undefined) return value
  const ratio = value / figure.of(sampleIn(turn, base.name, name))
  return base.take === 'ratio' ? ratio : ratio - 1
}

/** A turn of an entrant: of a base the one beside the other's. */
function sampleIn(turn: Turn, name: string, other: string): Sample {
  const sample = turn[besideName(name, other)] ?? turn[name]
  if (sample === undefined) throw new Error(`No turn of ${name}`)
  return sample
}

/** One value of a sample. @throws Error when the program did not tell it */
export function valueIn(sample: Sample, name: string): number {
  const value = sample[name]
  if (value === undefined) throw new Error(`A sample without ${name}`)
  return value
}

/** The CPU time of a request in a contest of servers. */
export function burstFigure(name: string, sides: FigureSides, goal: Goal | null = null): Figure {
  return cpuRatio(name, sides, (sample) => valueIn(sample, 'burstNs') / NS_PER_REQUEST_US, goal)
}

/** Nanoseconds of a burst that are a microsecond of each request. */
const NS_PER_REQUEST_US = REQUESTS_PER_BURST * 1_000

/** The CPU time of a call, to another service or to a database, in the process that makes it. */
export function callFigure(name: string, sides: FigureSides, goal: Goal | null = null): Figure {
  const of = (sample: Parameters<Figure['of']>[0]): number =>
    valueIn(sample, 'cpuNs') / valueIn(sample, 'calls') / 1_000
  return cpuRatio(name, sides, of, goal)
}

/** Rows a second of `store` against those of another program, of which a second one is named `<name>-again`. */
export function rateFigure(name: string, bare: string, goal: Goal | null = null): Figure {
  return {
    name,
    compare: 'ratio',
    a: bare,
    b: 'store',
    noise: `${bare}-again`,
    of: (sample) => valueIn(sample, 'rowsPerSecond'),
    unit: 'rows/s',
    goal,
  }
}
