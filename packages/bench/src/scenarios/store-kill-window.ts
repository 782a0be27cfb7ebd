import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { StoreOptions } from '@fastify-scs/store'
import { nextMessage, startChild } from '../measure/child.js'
import { startedStore } from '../programs/started-store.js'
import { type FigureReport, type Goal, isMet } from '../report/figure.js'
import { median } from '../report/statistics.js'
import type { FigureScenario } from './scenario.js'

const busy = new URL('../programs/busy.js', import.meta.url)
const DEFAULT_KILLS = 10

/** How old the oldest record is that kill -9 loses, with the machine idle and busy, and with durability: 'process'. */
export const storeKillWindow: FigureScenario = {
  name: 'store-kill-window',
  measures: 'The age of the oldest record that kill -9 loses, at 1,000 records a second',
  isByNameOnly: true,
  async measure({ turns = DEFAULT_KILLS }) {
    const none: Goal = { atMost: 0 }
    const idle = await kills('default', turns)
    const [loaded, sure] = await underLoad(async () => [
      await kills('default', turns),
      await kills('process', turns),
    ])
    return [
      report('oldest lost record', idle, null),
      report('oldest lost record, all cores busy', loaded, null),
      report("the same, durability: 'process'", sure, none),
    ]
  },
}

async function kills(durability: 'default' | 'process', count: number): Promise<Kill[]> {
  const done: Kill[] = []
  for (let turn = 0; turn < count; turn += 1) {
    const kill = await killOnce(durability)
    done.push(kill)
    const age = kill.oldestLostMs.toFixed(1)
    console.error(`${durability}: ${kill.lost} of ${kill.written} lost, the oldest ${age} ms old`)
  }
  return done
}

async function underLoad<Result>(work: () => Promise<Result>): Promise<Result> {
  const others = Array.from({ length: availableParallelism() }, () =>
    startChild({ module: busy, args: [] }),
  )
  try {
    await Promise.all(others.map((other) => nextMessage(other, 'start')))
    return await work()
  } finally {
    for (const other of others) other.kill('SIGKILL')
  }
}

function report(figure: string, done: readonly Kill[], goal: Goal | null): FigureReport {
  const ages = done.map(({ oldestLostMs }) => oldestLostMs)
  const value = Math.max(...ages)
  const lost = done.map((kill) => kill.lost)
  return {
    scenario: storeKillWindow.name,
    figure,
    compare: 'difference',
    value,
    spread: { from: Math.min(...ages), to: value },
    noise: null,
    isNoisy: false,
    goal,
    isMet: isMet(goal, value),
    absolute: { a: median(ages), b: value, unit: 'ms' },
    roundValues: ages,
    noiseRoundValues: [],
    note: `${done.length} kills, ${Math.min(...lost)} to ${Math.max(...lost)} records lost, of ${done.reduce((sum, { written }) => sum + written, 0)} written; median -> oldest`,
  }
}

const module = new URL('../programs/store-until-killed.js', import.meta.url)
/** Not at the same place of a flush each time, in milliseconds. */
const RUN_MS = { least: 1_000, most: 2_000 }

/** What one kill has cost. */
export interface Kill {
  readonly written: number
  readonly lost: number
  /** How long before the end of the process the oldest lost record was written, in milliseconds; 0 when none is lost. */
  readonly oldestLostMs: number
}

/** Kills a host that writes, starts the next one, and counts what is not there. */
export async function killOnce(durability: NonNullable<StoreOptions['durability']>): Promise<Kill> {
  const folder = mkdtempSync(join(tmpdir(), 'fastify-scs-kill-'))
  try {
    const [path, journal] = [join(folder, 'scs.db'), join(folder, 'journal')]
    const child = startChild({ module, args: [path, journal, durability] })
    await nextMessage(child, 'start')
    await delay(RUN_MS.least + Math.random() * (RUN_MS.most - RUN_MS.least))
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    return reportKill(readFileSync(journal, 'utf8'), await idsIn(path))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a journal has that a store does not; its last record may not have been handed over when the process ended. */
export function reportKill(journal: string, stored: ReadonlySet<string>): Kill {
  const lines = journal.split('\n').slice(0, -1)
  const written = lines.map((line) => line.split(' ') as [id: string, atMs: string])
  const endMs = Number(written.at(-1)?.[1] ?? 0)
  const lost = written.slice(0, -1).filter(([id]) => !stored.has(id))
  const oldestLostMs = lost.length === 0 ? 0 : endMs - Number(lost[0]?.[1])
  return { written: written.length, lost: lost.length, oldestLostMs }
}

/** The records that the next start of a host has. */
async function idsIn(path: string): Promise<Set<string>> {
  const store = await startedStore({ url: `sqlite:${path}` })
  if (!(await store.flush())) throw new Error('The store does not take what was left')
  const ids = new Set<string>()
  let cursor: string | undefined
  do {
    const filter = { limit: 500, ...(cursor === undefined ? {} : { cursor }) }
    const page = await store.find('integration_requests', filter)
    for (const { id } of page.items) ids.add(id)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return ids
}
