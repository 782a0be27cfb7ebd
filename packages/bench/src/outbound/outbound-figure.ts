import { cpuRatio, type Figure, type FigureSides, type Goal, valueIn } from '../figure.js'

/** The CPU time of an outbound call in the process that makes it. */
export function outboundFigure(name: string, sides: FigureSides, goal: Goal | null): Figure {
  const of = (sample: Parameters<Figure['of']>[0]): number =>
    valueIn(sample, 'cpuNs') / valueIn(sample, 'calls') / 1_000
  return cpuRatio(name, sides, of, goal)
}
