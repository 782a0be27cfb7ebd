import type { FigureReport, Goal } from './figure.js'
import { type AnyReport, isFigureReport, nameOfReport } from './goals.js'
import type { ScenarioReport } from './pair-report.js'

const PAIR_HEADINGS = ['scenario', 'ratio', 'spread', 'A/A', 'goal', 'met', 'us/request a -> b']
const FIGURE_HEADINGS = ['scenario', 'figure', 'value', 'spread', 'A/A', 'goal', 'met', 'a -> b']
const MARKDOWN_HEADINGS = ['measured', 'value', 'spread', 'A/A', 'goal', 'a -> b']

/** Lays the reports on pairs out as a plain text table, one row for each scenario. */
export function formatTable(reports: readonly ScenarioReport[]): string {
  return layOut([PAIR_HEADINGS, ...reports.map(pairCells)])
}

/** Lays the reports on figures out as a plain text table, one row for each figure, with the notes below. */
export function formatFigures(reports: readonly FigureReport[]): string {
  const notes = reports.flatMap(({ scenario, figure, note }) =>
    note === undefined ? [] : [`${scenario}, ${figure}: ${note}`],
  )
  return [layOut([FIGURE_HEADINGS, ...reports.map(figureCells)]), ...notes].join('\n')
}

/** Lays all reports out as one Markdown table, for docs/performance.md. */
export function formatMarkdown(reports: readonly AnyReport[]): string {
  const rows = reports.map((report) => {
    const [value = '', spread = '', noise = '', goal = '', , absolute = ''] = isFigureReport(report)
      ? figureCells(report).slice(2)
      : pairCells(report).slice(1)
    return [nameOfReport(report), value, spread, noise, goal, absolute]
  })
  const lines = layOut([MARKDOWN_HEADINGS, MARKDOWN_HEADINGS.map(() => '---'), ...rows], ' | ')
  return lines.replace(/^(.*)$/gm, '| $1 |')
}

function layOut(rows: readonly (readonly string[])[], between = '  '): string {
  const widths = (rows[0] ?? []).map((_heading, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(between))
    .map((line) => line.trimEnd())
    .join('\n')
}

function pairCells(report: ScenarioReport): string[] {
  return [
    report.scenario,
    report.ratio.toFixed(2),
    `${report.spread.from.toFixed(2)} - ${report.spread.to.toFixed(2)}`,
    report.noiseRatio.toFixed(2) + (report.isNoisy ? ' noisy' : ''),
    report.goal === null ? '-' : report.goal.toFixed(2),
    verdict(report.isMet),
    `${report.cpuMicros.a.toFixed(1)} -> ${report.cpuMicros.b.toFixed(1)}`,
  ]
}

function figureCells(report: FigureReport): string[] {
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

/** A goal's outcome as a cell. */
function verdict(isMet: boolean | null): string {
  if (isMet === null) return '-'
  return isMet ? 'yes' : 'no'
}

function goalText(goal: Goal): string {
  return 'atMost' in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`
}

/** A few digits, whatever the size. */
function short(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1)
}
