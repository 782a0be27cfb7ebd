import { readFileSync } from 'node:fs'
import { type FigureReport, type Goal, isMet } from './figure.js'
import type { ScenarioReport } from './pair-report.js'
import { quantile } from './statistics.js'

/** A goal as goals.json has it: a largest value, a smallest one, or a largest one for each major version of Node. */
type GivenGoal = number | Goal | Readonly<Record<string, number>>

/** The goals by `scenario`, or `scenario: figure`. */
export type Goals = Readonly<Record<string, GivenGoal>>

/** What a run reports: a pair of servers, or one figure. */
export type AnyReport = ScenarioReport | FigureReport

/** Reads goals.json. */
export function readGoals(file: URL = new URL('../../goals.json', import.meta.url)): Goals {
  return JSON.parse(readFileSync(file, 'utf8')) as Goals
}

/** How a report and goals.json call what was measured. */
export function nameOfReport(report: AnyReport): string {
  return isFigureReport(report) ? `${report.scenario}: ${report.figure}` : report.scenario
}

/** Whether a report is a figure, and not a pair of servers. */
export function isFigureReport(report: AnyReport): report is FigureReport {
  return 'figure' in report
}

/**
 * The report with its goal of goals.json, and whether it is met; as it is where goals.json has none.
 *
 * @param nodeMajor the major version of the Node that was measured, such as `24`
 */
export function withGoal<Report extends AnyReport>(
  report: Report,
  goals: Goals,
  nodeMajor: string,
): Report {
  const goal = goalOf(goals[nameOfReport(report)], nodeMajor)
  if (goal === null) return report
  if (isFigureReport(report)) return { ...report, goal, isMet: isMet(goal, report.value) }
  const most = 'atMost' in goal ? goal.atMost : null
  return { ...report, goal: most, isMet: most === null ? null : report.ratio <= most }
}

/** Whether a goal is missed by more than the noise of the same run: what fails `--check`. */
export function isMissed(report: AnyReport): boolean {
  if (report.isMet !== false) return false
  const noise = noiseOf(report)
  if (!isFigureReport(report)) return report.goal !== null && report.ratio - noise > report.goal
  const { goal, value } = report
  if (goal === null) return false
  return isMet(goal, 'atMost' in goal ? value - noise : value + noise) === false
}

/** How far equal programs were apart in this run: the farther quartile of the rounds of A against A. */
export function noiseOf(report: AnyReport): number {
  const none = isFigureReport(report) && report.compare === 'difference' ? 0 : 1
  const rounds = isFigureReport(report) ? report.noiseRoundValues : report.noiseRoundRatios
  if (rounds.length === 0) return 0
  return Math.max(...[0.25, 0.75].map((part) => Math.abs(quantile(rounds, part) - none)))
}

function goalOf(given: GivenGoal | undefined, nodeMajor: string): Goal | null {
  if (given === undefined) return null
  if (typeof given === 'number') return { atMost: given }
  if ('atMost' in given || 'atLeast' in given) return given as Goal
  const atMost = given[nodeMajor]
  return atMost === undefined ? null : { atMost }
}
