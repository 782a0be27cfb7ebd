import { holdServerContest } from '../measure/contest.js'
import type { Contestant } from '../measure/contestant.js'
import type { Sample } from '../measure/participant.js'
import type { Side } from '../measure/side.js'
import { type Figure, type FigureReport, reportFigure, valueIn } from '../report/figure.js'
import { quantile } from '../report/statistics.js'
import type { FigureScenario, FigureSettings } from './scenario.js'

const module = new URL('../servers/under-faults.js', import.meta.url)
/** 768 answers: their p99 is the eighth from the top, and not one stray answer. */
const BURSTS_PER_TURN = 4
const MAX_RATIO = 1.2
const US_PER_MS = 1_000

/** One route that is asked of a server in order, and of one where nothing takes what the plugins have. */
interface Route {
  readonly name: string
  readonly path: string
  readonly expectedStatus: number
  /** What follows the variant's name. */
  readonly variant: string
}

const ROUTES: readonly Route[] = [
  { name: 'no event', path: '/plain', expectedStatus: 200, variant: '' },
  { name: 'an audit event', path: '/audited', expectedStatus: 200, variant: '' },
  { name: 'a crash', path: '/crash', expectedStatus: 500, variant: '' },
  {
    name: 'a crash, each reported',
    path: '/crash',
    expectedStatus: 500,
    variant: ', each reported',
  },
  { name: 'a slow call', path: '/slow', expectedStatus: 200, variant: '' },
  { name: 'an outbound call', path: '/outbound', expectedStatus: 200, variant: '' },
]

/** How long answers take while every reporter hangs, the store is away, and the disk is full. */
export const underFaults: FigureScenario = {
  name: 'under-faults',
  measures: 'Answers of all plugins in order, and with hanging reporters, no store and a full disk',
  isByNameOnly: true,
  async measure(settings) {
    const reports: FigureReport[] = []
    for (const route of ROUTES) reports.push(...(await measureRoute(route, settings)))
    return reports
  },
}

async function measureRoute(
  { name, path, expectedStatus, variant }: Route,
  { turns = 20, rounds = 3 }: FigureSettings,
): Promise<readonly FigureReport[]> {
  const request = { method: 'GET', path }
  const side = (state: string): Side => {
    return { module, variant: `${state}${variant}`, request, expectedStatus }
  }
  const servers = {
    healthy: side('healthy'),
    faulty: side('faulty'),
    'healthy-again': side('healthy'),
  }
  const schedule = { turns, rounds, warmUpTurns: 4 }
  const taken = await holdServerContest({ servers, ...schedule, sameBody: false, takeTurn })
  return [
    reportFigure(underFaults.name, answerFigure(`${name}: p99`, 'p99Us', true), taken),
    reportFigure(underFaults.name, answerFigure(`${name}: p50`, 'p50Us', false), taken),
  ]
}

function answerFigure(name: string, of: string, hasGoal: boolean): Figure {
  return {
    name,
    compare: 'ratio',
    a: 'healthy',
    b: 'faulty',
    noise: 'healthy-again',
    of: (sample) => valueIn(sample, of),
    unit: 'us',
    goal: hasGoal ? { atMost: MAX_RATIO } : null,
  }
}

async function takeTurn(contestant: Contestant): Promise<Sample> {
  const elapsedMs = await contestant.measureAnswers(BURSTS_PER_TURN)
  const elapsedUs = elapsedMs.map((ms) => ms * US_PER_MS)
  return { p99Us: quantile(elapsedUs, 0.99), p50Us: quantile(elapsedUs, 0.5) }
}
