import { type Contest, holdContest } from '../measure/contest.js'
import { rateFigure, reportFigure } from '../report/figure.js'
import { withPostgres } from '../store/postgres-server.js'
import type { FigureScenario } from './scenario.js'

const bareModule = new URL('../programs/bare-sqlite.js', import.meta.url)
const storeModule = new URL('../programs/store-rate.js', import.meta.url)

const sqliteFigures = [
  rateFigure('rows/s, bare in batches of 100', 'bare'),
  rateFigure('rows/s, bare in batches of 400', 'bare-400'),
  rateFigure('rows/s, bare that makes its JSON', 'serializing'),
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
    return sqliteFigures.map((figure) => reportFigure(storeSqliteRate.name, figure, taken))
  },
}

/** A slow way would take long to get through as many rows as the store does, in milliseconds. */
const MAX_TURN_MS = '1000'

const oneByOneFigures = [
  rateFigure("driver's defaults", 'plain'),
  rateFigure('write-ahead log, full sync', 'wal'),
  rateFigure("all of the store's pragmas", 'tuned'),
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
    return oneByOneFigures.map((figure) => reportFigure(storeSqliteOneByOne.name, figure, taken))
  },
}

const copyModule = new URL('../programs/bare-copy.js', import.meta.url)
const TURN_RECORDS = '10000'

const copyFigures = [
  rateFigure('rows/s, COPY of 100 rows', 'copy'),
  rateFigure('rows/s, COPY of 100 rows, 2 connections', 'copy-2'),
]

/** How fast rows get into PostgreSQL through the store, and with nothing but COPY. */
export const storePostgresRate: FigureScenario = {
  name: 'store-postgres-rate',
  measures: 'COPY into the tables of the store, ready-made rows, against the store',
  isByNameOnly: false,
  measure({ turns = 5, rounds = 4 }) {
    return withPostgres(async ({ url }) => {
      const copy = (schema: string, connections: string) => ({
        module: copyModule,
        args: [url(schema), '100', connections, TURN_RECORDS],
      })
      const programs: Contest['programs'] = {
        copy: copy('copy', '1'),
        store: { module: storeModule, args: [url('store'), '100', TURN_RECORDS] },
        'copy-2': copy('copy_2', '2'),
        'copy-again': copy('copy_again', '1'),
        'copy-2-again': copy('copy_2_again', '2'),
      }
      const taken = await holdContest({ programs, turns, rounds, warmUpTurns: 1 })
      return copyFigures.map((figure) => reportFigure(storePostgresRate.name, figure, taken))
    })
  },
}
