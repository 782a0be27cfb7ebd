import type { Program } from '../measure/child.js'
import { holdContest } from '../measure/contest.js'
import { type Figure, type FigureReport, reportFigure, valueIn } from '../report/figure.js'
import type { FigureScenario } from './scenario.js'

const module = new URL('../programs/blocked-watch.js', import.meta.url)
const sides = { a: 'unwatched', b: 'watched', noise: 'unwatched-again', goal: null } as const

const NS_PER_MS = 1_000_000
const MB = 1_048_576
/** Ticks of 100 ms, and two looks of the thread each second: longer tells no more. */
const IDLE_MS = 3_000
/** Some two seconds of work: samples are taken after a half, one and two. */
const BLOCKING_ROUNDS = 500_000_000

const idleFigures: readonly Figure[] = [
  {
    ...sides,
    name: 'idle: CPU',
    compare: 'difference',
    of: (sample) => (valueIn(sample, 'cpuNs') / NS_PER_MS / valueIn(sample, 'turnMs')) * 100,
    unit: '% of a core',
  },
  {
    ...sides,
    name: 'idle: memory',
    compare: 'difference',
    of: (sample) => valueIn(sample, 'rssBytes') / MB,
    unit: 'MB',
  },
]

const blockingFigures: readonly Figure[] = [
  {
    ...sides,
    name: 'blocked: how long it takes',
    compare: 'ratio',
    of: (sample) => valueIn(sample, 'blockedMs'),
    unit: 'ms',
  },
  {
    ...sides,
    name: 'blocked: CPU',
    compare: 'ratio',
    of: (sample) => valueIn(sample, 'cpuNs') / NS_PER_MS,
    unit: 'ms',
  },
]

/** What the watch over the event loop costs a process that does nothing, and one whose loop is blocked. */
export const blockedWatch: FigureScenario = {
  name: 'blocked-watch',
  measures:
    'slow-call with blockedAfterMs: false against its default, idle and while it is blocked',
  isByNameOnly: false,
  // One and a half minutes.
  async measure({ turns = 2, rounds = 2 }) {
    const reports: FigureReport[] = []
    for (const [work, amount, figures, warmUpTurns] of [
      // Nothing is compiled by being idle.
      ['idle', IDLE_MS, idleFigures, 0],
      ['blocking', BLOCKING_ROUNDS, blockingFigures, 1],
    ] as const) {
      const program = (variant: string): Program => ({
        module,
        args: [variant, work, String(amount)],
      })
      const programs = {
        unwatched: program('unwatched'),
        watched: program('watched'),
        'unwatched-again': program('unwatched'),
      }
      const taken = await holdContest({ programs, turns, rounds, warmUpTurns })
      for (const figure of figures) reports.push(reportFigure(blockedWatch.name, figure, taken))
    }
    return reports
  },
}
