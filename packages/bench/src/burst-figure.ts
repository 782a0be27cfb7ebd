import { REQUESTS_PER_BURST } from './contestant.js'
import { cpuRatio, type Figure, type FigureSides, type Goal, valueIn } from './figure.js'

/** The CPU time of a request in a contest of servers. */
export function burstFigure(name: string, sides: FigureSides, goal: Goal | null): Figure {
  return cpuRatio(name, sides, (sample) => valueIn(sample, 'burstNs') / NS_PER_REQUEST_US, goal)
}

/** Nanoseconds of a burst that are a microsecond of each request. */
const NS_PER_REQUEST_US = REQUESTS_PER_BURST * 1_000
