import { REQUESTS_PER_BURST } from './contestant.js'
import { type Figure, type Goal, valueIn } from './figure.js'

/** The CPU time of a request in a contest of servers, in microseconds or against the base, as a ratio b / a. */
export function burstFigure(
  name: string,
  sides: Pick<Figure, 'a' | 'b' | 'base' | 'noise'>,
  goal: Goal | null,
): Figure {
  return {
    ...sides,
    name,
    compare: 'ratio',
    of: (sample) => valueIn(sample, 'burstNs') / REQUESTS_PER_BURST / 1_000,
    unit: sides.base === undefined ? 'us' : '',
    goal,
  }
}
