import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CheckedAdapter } from '@fastify-scs/store/contract'
import { SqliteStore } from '@fastify-scs/store-sqlite'
import { settledCpuTimeNs } from '../measure/cpu-time.js'
import type { FigureReport } from '../report/figure.js'
import { median, quantile } from '../report/statistics.js'
import { type ConsoleView, consoleViews } from '../store/console-views.js'
import { type FillCounts, fillStore } from '../store/fill-store.js'
import type { FigureScenario } from './scenario.js'

const NS_PER_MS = 1_000_000
const COUNTS: FillCounts = {
  integrationRequests: 1_000_000,
  reports: 250_000,
  auditEvents: 250_000,
}
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
      return await measureViews(consoleViewsSqlite.name, adapter, COUNTS, turns)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Fills a store and looks at each view some times; the first look, with what has to be read and planned, is left out. */
export async function measureViews(
  scenario: string,
  adapter: CheckedAdapter['adapter'],
  counts: FillCounts,
  turns: number,
  cpuNs: () => Promise<number> = () => settledCpuTimeNs(process.pid),
): Promise<readonly FigureReport[]> {
  const store = new CheckedAdapter(adapter, { queryTimeoutMs: 60_000 })
  await store.open()
  try {
    const now = Date.now()
    await fillStore(store, counts, now)
    // As the store does each minute.
    await store.prune({})
    const reports: FigureReport[] = []
    for (const view of consoleViews(now))
      reports.push(await reportView(scenario, view, { store, turns, cpuNs }))
    return reports
  } finally {
    await store.close()
  }
}

interface Looks {
  readonly store: CheckedAdapter
  readonly turns: number
  readonly cpuNs: () => Promise<number>
}

async function reportView(
  scenario: string,
  { name, look }: ConsoleView,
  { store, turns, cpuNs }: Looks,
): Promise<FigureReport> {
  const costsMs: number[] = []
  for (let turn = 0; turn <= turns; turn++) {
    const before = await cpuNs()
    await look(store)
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
