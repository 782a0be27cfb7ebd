import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { PostgresStore } from '@fastify-scs/store-postgres'
import { SqliteStore } from '@fastify-scs/store-sqlite'
import { cpuTimeNs } from '../measure/cpu-time.js'
import type { FigureReport } from '../report/figure.js'
import { median, quantile } from '../report/statistics.js'
import { type ConsoleFill, fillForConsole } from '../store/console-records.js'
import { type ConsoleView, consoleViews } from '../store/console-views.js'
import { withPostgres } from '../store/postgres-server.js'
import type { FigureScenario } from './scenario.js'

const NS_PER_MS = 1_000_000
/** The kernel brings the figure of a thread up to date up to 4 ms late. */
const SETTLE_MS = 10
const REQUESTS = 1_000_000
/** What a page may cost, in milliseconds. */
const GOAL = { atMost: 100 } as const

/** What each view of the console costs a store of a million records. */
export const consoleViewsSqlite: FigureScenario = {
  name: 'console-views-sqlite',
  measures: 'CPU time of each view of the console, over a SQLite file with a million calls',
  isByNameOnly: true,
  async measure({ turns = 5 }) {
    const folder = mkdtempSync(join(tmpdir(), 'fastify-scs-views-'))
    try {
      const adapter = new SqliteStore({ path: join(folder, 'scs.db') })
      return await measureViews(consoleViewsSqlite.name, { adapter, requests: REQUESTS, turns })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** The same of PostgreSQL: what the server's connections and this process use. */
export const consoleViewsPostgres: FigureScenario = {
  name: 'console-views-postgres',
  measures: 'CPU time of each view of the console, over a PostgreSQL with a million calls',
  isByNameOnly: true,
  measure({ turns = 5 }) {
    return withPostgres(async ({ url, cpuNs }) => {
      const adapter = new PostgresStore(url('views'), { statementTimeoutMs: 60_000 })
      const measured = { adapter, requests: REQUESTS, turns }
      return measureViews(consoleViewsPostgres.name, {
        ...measured,
        settle: () => vacuum(url('views')),
        cpuNs: async () => (await ownCpuNs()) + cpuNs(),
      })
    })
  },
}

/** What the server does by itself, within minutes. */
async function vacuum(url: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url.replace(/\?.*/, '') })
  await client.connect()
  try {
    await client.query('VACUUM (ANALYZE)')
    await client.query('CHECKPOINT')
  } finally {
    await client.end()
  }
}

/** What is measured, and how often. */
export interface ViewSettings extends Omit<ConsoleFill, 'to'> {
  readonly adapter: CheckedAdapter['adapter']
  readonly turns: number
  /** Called once the store is filled. @default nothing */
  readonly settle?: () => Promise<void>
  /** The CPU time that the store has used, its database's too, in nanoseconds. @default that of this process */
  readonly cpuNs?: () => Promise<number>
}

/** Fills a store and looks at each view some times; the first look, with what has to be read and planned, is left out of the median. */
export async function measureViews(
  scenario: string,
  { adapter, turns, settle, cpuNs = ownCpuNs, ...fill }: ViewSettings,
): Promise<readonly FigureReport[]> {
  const store = new CheckedAdapter(adapter, { queryTimeoutMs: 60_000 })
  await store.open()
  try {
    const to = Date.now()
    await fillForConsole(store, { ...fill, to })
    // As the store does each minute.
    await store.prune({})
    await settle?.()
    const reports: FigureReport[] = []
    for (const view of consoleViews(to))
      reports.push(await reportView(scenario, view, { store, turns, cpuNs }))
    return reports
  } finally {
    await store.close()
  }
}

/** What this process has used; a look at it again and again until it rests would be counted too. */
async function ownCpuNs(): Promise<number> {
  await delay(SETTLE_MS)
  return cpuTimeNs(process.pid)
}

interface Looks {
  readonly store: CheckedAdapter
  readonly turns: number
  readonly cpuNs: () => Promise<number>
}

async function reportView(
  scenario: string,
  { name, ask }: ConsoleView,
  { store, turns, cpuNs }: Looks,
): Promise<FigureReport> {
  const costsMs: number[] = []
  for (let turn = 0; turn <= turns; turn++) {
    const before = await cpuNs()
    await ask(store)
    costsMs.push(((await cpuNs()) - before) / NS_PER_MS)
  }
  const [firstMs = 0, ...othersMs] = costsMs
  const value = median(othersMs)
  return {
    scenario,
    figure: name,
    compare: 'difference',
    value,
    spread: { from: quantile(othersMs, 0.25), to: quantile(othersMs, 0.75) },
    noise: null,
    isNoisy: false,
    goal: GOAL,
    isMet: value <= GOAL.atMost,
    absolute: { a: firstMs, b: value, unit: 'ms' },
    roundValues: othersMs,
    noiseRoundValues: [],
    note: 'CPU of all threads; first look -> median of the next',
  }
}
