import { availableParallelism } from 'node:os'
import { nextMessage, startChild } from '../child.js'
import { type FigureReport, type Goal, isMet } from '../figure.js'
import type { FigureScenario } from '../figure-scenario.js'
import { median } from '../statistics.js'
import { type Kill, killOnce } from '../store/kill-window.js'

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
