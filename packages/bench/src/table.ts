import type { ScenarioReport } from './report.js'

const HEADINGS = ['scenario', 'ratio', 'spread', 'A/A', 'goal', 'met', 'us/request a -> b']

/** Lays the reports out as a plain text table, one row for each scenario. */
export function formatTable(reports: readonly ScenarioReport[]): string {
  return layOut([HEADINGS, ...reports.map(cellsOf)])
}

/** Pads the cells so that the columns line up; the first row has a cell for each column. */
export function layOut(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_heading, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}

function cellsOf(report: ScenarioReport): string[] {
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

/** A goal's outcome as a cell. */
export function verdict(isMet: boolean | null): string {
  if (isMet === null) return '-'
  return isMet ? 'yes' : 'no'
}
