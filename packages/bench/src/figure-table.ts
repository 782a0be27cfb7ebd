import type { FigureReport, Goal } from './figure.js'
import { layOut, verdict } from './table.js'

const HEADINGS = ['scenario', 'figure', 'value', 'spread', 'A/A', 'goal', 'met', 'a -> b']

/** Lays the reports out as a plain text table, one row for each figure, with the notes below. */
export function formatFigures(reports: readonly FigureReport[]): string {
  const notes = reports.flatMap(({ scenario, figure, note }) =>
    note === undefined ? [] : [`${scenario}, ${figure}: ${note}`],
  )
  return [layOut([HEADINGS, ...reports.map(cellsOf)]), ...notes].join('\n')
}

function cellsOf(report: FigureReport): string[] {
  const { spread, noise, absolute, goal } = report
  return [
    report.scenario,
    report.figure,
    // What is compared by its difference has a unit; a ratio has none.
    report.value.toFixed(2) + (report.compare === 'difference' ? ` ${absolute.unit}` : ''),
    spread === null ? '-' : `${spread.from.toFixed(2)} - ${spread.to.toFixed(2)}`,
    noise === null ? '-' : noise.toFixed(2) + (report.isNoisy ? ' noisy' : ''),
    goal === null ? '-' : goalText(goal),
    verdict(report.isMet),
    `${short(absolute.a)} -> ${short(absolute.b)} ${absolute.unit}`,
  ]
}

function goalText(goal: Goal): string {
  return 'atMost' in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`
}

/** A few digits, whatever the size. */
function short(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1)
}
