import { holdContest } from '../contest.js'
import { reportFigure } from '../figure.js'
import type { FigureScenario } from '../figure-scenario.js'
import { rateFigure } from '../store/rate-figure.js'

const bareModule = new URL('../programs/bare-sqlite.js', import.meta.url)
const storeModule = new URL('../programs/store-rate.js', import.meta.url)

const figures = [
  rateFigure('rows/s, bare in batches of 100', 'bare', { atLeast: 0.85 }),
  rateFigure('rows/s, bare in batches of 400', 'bare-400', null),
  rateFigure('rows/s, bare that makes its JSON', 'serializing', null),
]

/** How fast rows get into SQLite through the store, and with nothing but the driver. */
export const storeSqliteRate: FigureScenario = {
  name: 'store-sqlite-rate',
  measures: 'The driver of SQLite in a worker, ready-made rows, against the store',
  isByNameOnly: false,
  async measure({ turns = 5, rounds = 4 }) {
    const programs = {
      bare: { module: bareModule, args: ['tuned', '100'] },
      store: { module: storeModule, args: ['sqlite', '100'] },
      'bare-400': { module: bareModule, args: ['tuned', '400'] },
      serializing: { module: bareModule, args: ['serializing', '100'] },
      'bare-again': { module: bareModule, args: ['tuned', '100'] },
      'bare-400-again': { module: bareModule, args: ['tuned', '400'] },
      'serializing-again': { module: bareModule, args: ['serializing', '100'] },
    }
    const taken = await holdContest({ programs, turns, rounds, warmUpTurns: 1 })
    return figures.map((figure) => reportFigure(storeSqliteRate.name, figure, taken))
  },
}
