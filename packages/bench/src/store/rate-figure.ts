import { type Figure, valueIn } from '../figure.js'

/** Rows a second of `store` against those of another program, of which a second one is named `<name>-again`. */
export function rateFigure(name: string, bare: string, goal: Figure['goal']): Figure {
  return {
    name,
    compare: 'ratio',
    a: bare,
    b: 'store',
    noise: `${bare}-again`,
    of: (sample) => valueIn(sample, 'rowsPerSecond'),
    unit: 'rows/s',
    goal,
  }
}
