import { holdContest } from '../measure/contest.js'
import { type Figure, reportFigure, valueIn } from '../report/figure.js'
import type { FigureScenario } from './scenario.js'

const module = new URL('../programs/store-main-thread.js', import.meta.url)
const sides = { a: 'alone', b: 'store', noise: 'alone-again' } as const

const figures: readonly Figure[] = [
  {
    ...sides,
    name: 'main thread per record',
    compare: 'difference',
    of: (sample) => valueIn(sample, 'mainThreadNs') / valueIn(sample, 'records') / 1_000,
    unit: 'us',
    goal: null,
  },
  {
    ...sides,
    name: 'loop delay p99',
    compare: 'ratio',
    of: (sample) => valueIn(sample, 'loopDelayP99Ms'),
    unit: 'ms',
    goal: null,
  },
]

/** What `write` costs a host that makes 5,000 records a second. */
export const storeMainThread: FigureScenario = {
  name: 'store-main-thread',
  measures: 'A producer of 5,000 records a second alone against one that writes them to SQLite',
  isByNameOnly: false,
  async measure({ turns = 5, rounds = 4 }) {
    const programs = {
      alone: { module, args: ['alone'] },
      store: { module, args: ['store'] },
      'alone-again': { module, args: ['alone'] },
    }
    const taken = await holdContest({ programs, turns, rounds, warmUpTurns: 2 })
    return figures.map((figure) => reportFigure(storeMainThread.name, figure, taken))
  },
}
