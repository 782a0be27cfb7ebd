import type { Program } from '../measure/child.js'
import { holdContest } from '../measure/contest.js'
import { onOneCpu } from '../measure/cpu-time.js'
import { keyOf, ORDERS, ROWS_OF_ORDER, TABLE } from '../queries/databases.js'
import { mariadb, redis, withServer } from '../queries/debian-servers.js'
import { callFigure, type FigureReport, reportFigure } from '../report/figure.js'
import type { FigureScenario, FigureSettings } from './scenario.js'

const module = new URL('../programs/queries.js', import.meta.url)
const [a, noise] = ['bare', 'bare-again']

/** Queries that a request has under way at a time. */
const LOADS = [1, 8]

/** In which ways the queries of a driver are noted: what a figure calls it, and the program's name for it. */
type Ways = Readonly<Record<string, 'heard' | 'observed'>>
const HEARD: Ways = { channels: 'heard' }

/** What a query of mysql2 costs when its request notes it, which the driver tells by its channels. */
export const queryMysql2: FigureScenario = {
  name: 'query-mysql2',
  measures: 'query and execute of mysql2 within a request against those that are noted',
  isByNameOnly: false,
  measure: (settings) =>
    withServer(mariadb, async (port) => {
      const url = await fillMariadb(port)
      return await figures(
        queryMysql2.name,
        { 'mysql2-query': HEARD, 'mysql2-execute': HEARD },
        url,
        settings,
      )
    }),
}

/** The same of a command of Redis. */
export const queryRedis: FigureScenario = {
  name: 'query-redis',
  measures: 'get of ioredis and of @redis/client within a request against those that are noted',
  isByNameOnly: false,
  measure: (settings) =>
    withServer(redis, async (port) => {
      const url = await fillRedis(port)
      return await figures(
        queryRedis.name,
        { ioredis: { ...HEARD, observeIoredis: 'observed' }, '@redis/client': HEARD },
        url,
        settings,
      )
    }),
}

async function figures(
  scenario: string,
  drivers: Readonly<Record<string, Ways>>,
  url: string,
  { turns = 24, rounds = 4 }: FigureSettings,
): Promise<FigureReport[]> {
  const reports: FigureReport[] = []
  for (const [driver, ways] of Object.entries(drivers)) {
    for (const atOnce of LOADS) {
      const program = (variant: string): Program => ({
        module,
        args: [driver, variant, url, String(atOnce), '30'],
      })
      const programs = {
        bare: program('bare'),
        ...Object.fromEntries(Object.values(ways).map((variant) => [variant, program(variant)])),
        'bare-again': program('bare'),
      }
      const contest = { programs, base: a, turns, rounds, warmUpTurns: 30 }
      const taken = await onOneCpu(() => holdContest(contest))
      for (const [way, b] of Object.entries(ways)) {
        const figure = callFigure(`${atOnce} at once: ${driver}, ${way}`, { a, b, noise })
        reports.push(reportFigure(scenario, figure, taken))
      }
    }
  }
  return reports
}

async function fillMariadb(port: number): Promise<string> {
  const { createConnection } = await import('mysql2/promise')
  const server = `mysql://root@127.0.0.1:${port}`
  const connection = await createConnection({ uri: server, multipleStatements: true })
  const rows = Array.from({ length: ORDERS * ROWS_OF_ORDER }, (_, row) => [
    row % ORDERS,
    `article ${row}`,
    1,
  ])
  await connection.query(`CREATE DATABASE shop; USE shop; ${TABLE}`)
  await connection.query('INSERT INTO order_lines VALUES ?', [rows])
  await connection.end()
  return `${server}/shop`
}

async function fillRedis(port: number): Promise<string> {
  const url = `redis://127.0.0.1:${port}`
  const { createClient } = await import('@redis/client')
  const client = createClient({ url })
  await client.connect()
  for (let order = 0; order < ORDERS; order += 1) await client.set(keyOf(order), 'four rows')
  await client.close()
  return url
}
