import { holdContest } from '../contest.js'
import { reportFigure } from '../figure.js'
import type { FigureScenario } from '../figure-scenario.js'
import { rateFigure } from '../store/rate-figure.js'

const bareModule = new URL('../programs/bare-sqlite.js', import.meta.url)
const storeModule = new URL('../programs/store-rate.js', import.meta.url)
/** A slow way would take long to get through as many rows as the store does, in milliseconds. */
const MAX_TURN_MS = '1000'

const figures = [
  rateFigure("driver's defaults", 'plain', { atLeast: 10 }),
  rateFigure('write-ahead log, full sync', 'wal', null),
  rateFigure("all of the store's pragmas", 'tuned', null),
]

function oneByOne(mode: string) {
  return { module: bareModule, args: [mode, '1', '10000', MAX_TURN_MS] }
}

/** The naive way: a transaction for each record. */
export const storeSqliteOneByOne: FigureScenario = {
  name: 'store-sqlite-one-by-one',
  measures: 'A transaction for each record with the driver of SQLite against the store',
  isByNameOnly: false,
  async measure({ turns = 3, rounds = 4 }) {
    const programs = {
      plain: oneByOne('plain'),
      store: { module: storeModule, args: ['sqlite', '100', '10000'] },
      wal: oneByOne('wal'),
      tuned: oneByOne('tuned'),
      'plain-again': oneByOne('plain'),
      'wal-again': oneByOne('wal'),
      'tuned-again': oneByOne('tuned'),
    }
    const taken = await holdContest({ programs, turns, rounds, warmUpTurns: 1 })
    return figures.map((figure) => reportFigure(storeSqliteOneByOne.name, figure, taken))
  },
}
