import type { Program } from '../measure/child.js'
import { holdContest } from '../measure/contest.js'
import { onOneCpu } from '../measure/cpu-time.js'
import { keyOf, ORDERS, ROWS_OF_ORDER, TABLE } from '../queries/databases.js'
import { mariadb, redis, withServer } from '../queries/debian-servers.js'
import { callFigure, type FigureReport, reportFigure } from '../report/figure.js'
import type { FigureScenario, FigureSettings } from './scenario.js'

const module = new URL('../programs/queries.js', import.meta.url)
const [a, noise] = ['bare', 'bare-again']

/** Queries that a request has under way at a time: where a query costs least, and noting it shows most. */
const AT_ONCE = '8'

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
      const drivers = ['mysql2-query', 'mysql2-execute']
      return await figures(queryMysql2.name, drivers, HEARD, url, settings)
    }),
}

/** The same of a command of ioredis, by its channels and by its observer. */
export const queryIoredis: FigureScenario = {
  name: 'query-ioredis',
  measures: 'get of ioredis within a request against those that are noted',
  isByNameOnly: false,
  measure: (settings) =>
    withServer(redis, async (port) => {
      const ways: Ways = { ...HEARD, observeIoredis: 'observed' }
      return await figures(queryIoredis.name, ['ioredis'], ways, await fillRedis(port), settings)
    }),
}

/** The same of a command of @redis/client. */
export const queryRedisClient: FigureScenario = {
  name: 'query-redis-client',
  measures: 'get of @redis/client within a request against those that are noted',
  isByNameOnly: false,
  measure: (settings) =>
    withServer(redis, async (port) => {
      const url = await fillRedis(port)
      return await figures(queryRedisClient.name, ['@redis/client'], HEARD, url, settings)
    }),
}

async function figures(
  scenario: string,
  drivers: readonly string[],
  ways: Ways,
  url: string,
  { turns = 24, rounds = 4 }: FigureSettings,
): Promise<FigureReport[]> {
  const reports: FigureReport[] = []
  for (const driver of drivers) {
    const program = (variant: string): Program => ({
      module,
      args: [driver, variant, url, AT_ONCE, '30'],
    })
    const programs = {
      bare: program('bare'),
      ...Object.fromEntries(Object.values(ways).map((variant) => [variant, program(variant)])),
      'bare-again': program('bare'),
    }
    const contest = { programs, base: a, turns, rounds, warmUpTurns: 10 }
    const taken = await onOneCpu(() => holdContest(contest))
    for (const [way, b] of Object.entries(ways)) {
      const figure = callFigure(`${driver}, ${way}`, { a, b, noise })
      reports.push(reportFigure(scenario, figure, taken))
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
