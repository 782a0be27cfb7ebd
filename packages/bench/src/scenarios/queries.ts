import type { Program } from '../measure/child.js'
import { holdContest, type Turn } from '../measure/contest.js'
import { onOneCpu } from '../measure/cpu-time.js'
import { installPeers, peerModule } from '../measure/peer.js'
import { ORDERS, ROWS_OF_ORDER, TABLE } from '../queries/databases.js'
import { callFigure, type FigureReport, reportFigure } from '../report/figure.js'
import { withPostgres } from '../store/postgres-server.js'
import type { FigureScenario, FigureSettings } from './scenario.js'

const module = new URL('../programs/queries.js', import.meta.url)
const [a, noise] = ['bare', 'bare-again']
const base = { name: a, take: 'ratio' } as const

/** Queries that a request has under way at a time. */
const LOADS = [1, 8]
const PUBLIC_SCHEMA = 'public'

/** What a query of pg costs when its request notes it. */
export const queryPg: FigureScenario = {
  name: 'query-pg',
  measures: 'A query of pg within a request against an observed one and OpenTelemetry',
  isByNameOnly: false,
  async measure({ turns = 24, rounds = 4 }) {
    await installPeers('opentelemetry')
    return withPostgres(async (server) => {
      const url = server.url(PUBLIC_SCHEMA)
      await fillTable(url)
      const reports: FigureReport[] = []
      for (const atOnce of LOADS) {
        const taken = await contest(pgPrograms(url, atOnce), { turns, rounds })
        const name = (text: string): string => `${atOnce} at once: ${text}`
        reports.push(
          ...[
            callFigure(name('observePg'), { a, b: 'observed', noise }),
            callFigure(name('OpenTelemetry'), { a, b: 'otel', noise }),
            callFigure(name('observePg / OpenTelemetry'), {
              a: 'otel',
              b: 'observed',
              base,
              noise: null,
            }),
          ].map((figure) => reportFigure(queryPg.name, figure, taken)),
        )
      }
      return reports
    })
  },
}

/** What `get` of better-sqlite3 costs when its request notes it. */
export const queryBetterSqlite: FigureScenario = {
  name: 'query-better-sqlite3',
  measures: 'get of better-sqlite3 within a request against an observed one',
  isByNameOnly: false,
  async measure({ turns = 24, rounds = 4 }) {
    const program = (variant: string): Program => ({
      module,
      args: ['better-sqlite3', variant, '', '1', '60', '50'],
    })
    const programs = {
      bare: program('bare'),
      observed: program('observed'),
      'bare-again': program('bare'),
    }
    const taken = await contest(programs, { turns, rounds })
    const figure = callFigure('observeBetterSqlite', { a, b: 'observed', noise })
    return [reportFigure(queryBetterSqlite.name, figure, taken)]
  },
}

function pgPrograms(url: string, atOnce: number): Record<string, Program> {
  const program = (variant: string, execArgv: readonly string[] = []): Program => ({
    module,
    args: ['pg', variant, url, String(atOnce), '30'],
    execArgv,
  })
  const traced = ['--import', peerModule('opentelemetry', 'trace-pg.mjs').href]
  return {
    bare: program('bare'),
    observed: program('observed'),
    otel: program('bare', traced),
    'bare-again': program('bare'),
  }
}

/** Only the CPU time of the program counts, which shares one CPU with the database. */
function contest(
  programs: Readonly<Record<string, Program>>,
  { turns = 24, rounds = 4 }: FigureSettings,
): Promise<Turn[][]> {
  return onOneCpu(() => holdContest({ programs, base: a, turns, rounds, warmUpTurns: 30 }))
}

async function fillTable(url: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client(url)
  await client.connect()
  await client.query(TABLE)
  await client.query(
    `INSERT INTO order_lines SELECT n % ${ORDERS}, 'article ' || n, 1 FROM generate_series(1, ${ORDERS * ROWS_OF_ORDER}) AS n`,
  )
  await client.query('ANALYZE order_lines')
  await client.end()
}
