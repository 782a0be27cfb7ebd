import { type Figure, type Goal, valueIn } from '../figure.js'

/** The CPU time of an outbound call in the process that makes it, in microseconds, as a ratio b / a. */
export function outboundFigure(
  name: string,
  sides: Pick<Figure, 'a' | 'b' | 'base' | 'noise'>,
  goal: Goal | null,
): Figure {
  return {
    ...sides,
    name,
    compare: 'ratio',
    of: (sample) => valueIn(sample, 'cpuNs') / valueIn(sample, 'calls') / 1_000,
    unit: sides.base === undefined ? 'us' : '',
    goal,
  }
}
