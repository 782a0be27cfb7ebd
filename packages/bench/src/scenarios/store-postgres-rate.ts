import { type Contest, holdContest } from '../contest.js'
import { reportFigure } from '../figure.js'
import type { FigureScenario } from '../figure-scenario.js'
import { withPostgres } from '../store/postgres-server.js'
import { rateFigure } from '../store/rate-figure.js'

const copyModule = new URL('../programs/bare-copy.js', import.meta.url)
const storeModule = new URL('../programs/store-rate.js', import.meta.url)
const TURN_RECORDS = '10000'

const figures = [
  rateFigure('rows/s, COPY of 100 rows', 'copy', { atLeast: 0.85 }),
  rateFigure('rows/s, COPY of 100 rows, 2 connections', 'copy-2', null),
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
      return figures.map((figure) => reportFigure(storePostgresRate.name, figure, taken))
    })
  },
}
