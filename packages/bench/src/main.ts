import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type BenchArguments, parseArguments, withoutPlace } from './arguments.js'
import { against, benchWith, nodeBinary } from './elsewhere.js'
import { assertCpuTimeReadable, onOneCpu } from './measure/cpu-time.js'
import { measureScenario } from './measure/paired-burst.js'
import {
  type AnyReport,
  isFigureReport,
  isMissed,
  nameOfReport,
  noiseOf,
  readGoals,
  withGoal,
} from './report/goals.js'
import { reportOn, type ScenarioReport } from './report/pair-report.js'
import { formatFigures, formatMarkdown, formatTable } from './report/table.js'
import { scenarios } from './scenarios/index.js'
import {
  type AnyScenario,
  isFigureScenario,
  type Scenario,
  selectScenarios,
} from './scenarios/scenario.js'

const USAGE = `Usage: node packages/bench/dist/main.js [scenario ...] [--pairs N] [--rounds N] [--minutes N]
  [--json | --markdown] [--check] [--node <version or path>] [--with <checkout>] [--against <checkout>]`

interface Task {
  readonly options: BenchArguments
  readonly selected: readonly AnyScenario[]
}

function readTask(): Task {
  try {
    assertCpuTimeReadable()
    const options = parseArguments(process.argv.slice(2))
    return { options, selected: comparedWith(options.against, options.scenarios) }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
    process.exit(2)
  }
}

/** The scenarios that are asked for; against another checkout only those that are pairs of servers. */
function comparedWith(
  checkout: string | undefined,
  names: readonly string[],
): readonly AnyScenario[] {
  const chosen = selectScenarios(scenarios, names)
  if (checkout === undefined) return chosen
  const programs = benchWith(checkout)
  return chosen
    .filter((one): one is Scenario => !isFigureScenario(one))
    .map((one) => against(programs, one))
}

/** Runs the same command with another Node, with the packages of another checkout, or both. */
function runElsewhere({ node, with: checkout }: BenchArguments): number {
  const binary = node === undefined ? process.execPath : nodeBinary(node)
  const main =
    checkout === undefined
      ? fileURLToPath(import.meta.url)
      : fileURLToPath(new URL('main.js', benchWith(checkout)))
  const argv = [...process.execArgv, main, ...withoutPlace(process.argv.slice(2))]
  const { status } = spawnSync(binary, argv, { stdio: 'inherit' })
  return status ?? 1
}

async function measure(scenario: AnyScenario, options: BenchArguments): Promise<AnyReport[]> {
  // Progress goes to stderr, so that stdout holds the result alone.
  console.error(`${scenario.name}: ${scenario.measures}`)
  if (!isFigureScenario(scenario)) {
    return [reportOn(scenario, await onOneCpu(() => measureScenario(scenario, options)))]
  }
  const { pairs, ...rest } = options
  return [...(await scenario.measure(pairs === undefined ? rest : { ...rest, turns: pairs }))]
}

function formatted(reports: readonly AnyReport[], options: BenchArguments): string {
  if (options.json) return JSON.stringify(reports, null, 2)
  if (options.markdown === true) return formatMarkdown(reports)
  const pairs = reports.filter((report): report is ScenarioReport => !isFigureReport(report))
  const figures = reports.filter(isFigureReport)
  const tables = [
    ...(pairs.length === 0 ? [] : [formatTable(pairs)]),
    ...(figures.length === 0 ? [] : [formatFigures(figures)]),
  ]
  return tables.join('\n\n')
}

async function run({ options, selected }: Task): Promise<void> {
  const goals = options.against === undefined ? readGoals() : {}
  const [nodeMajor = ''] = process.versions.node.split('.')
  const reports: AnyReport[] = []
  for (const scenario of selected) {
    const measured = await measure(scenario, options)
    reports.push(...measured.map((report) => withGoal(report, goals, nodeMajor)))
  }
  console.log(formatted(reports, options))
  const missed = options.check ? reports.filter(isMissed) : []
  for (const report of missed) {
    const noise = noiseOf(report).toFixed(2)
    console.error(`Missed by more than the noise of this run (${noise}): ${nameOfReport(report)}`)
  }
  if (missed.length > 0) process.exitCode = 1
}

const task = readTask()
const { node, with: checkout } = task.options
if (node === undefined && checkout === undefined) await run(task)
else process.exitCode = runElsewhere(task.options)
