import { against } from './against.js'
import { type BenchArguments, parseArguments } from './arguments.js'
import { assertCpuTimeReadable } from './cpu-time.js'
import type { FigureReport } from './figure.js'
import type { FigureScenario } from './figure-scenario.js'
import { formatFigures } from './figure-table.js'
import { onOneCpu } from './one-cpu.js'
import { measureScenario } from './paired-burst.js'
import { reportOn, type ScenarioReport } from './report.js'
import type { Scenario } from './scenario.js'
import { scenarios } from './scenarios/index.js'
import { isFigureScenario, selectScenarios } from './select-scenarios.js'
import { formatTable } from './table.js'

const USAGE = `Usage: node packages/bench/dist/main.js [scenario ...] [--pairs N] [--rounds N] [--minutes N]
  [--json] [--check] [--against <another checkout, built>]`

interface Task {
  options: BenchArguments
  selected: readonly (Scenario | FigureScenario)[]
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
  folder: string | undefined,
  names: readonly string[],
): readonly (Scenario | FigureScenario)[] {
  const chosen = selectScenarios(scenarios, names)
  if (folder === undefined) return chosen
  return chosen
    .filter((one): one is Scenario => !isFigureScenario(one))
    .map((one) => against(folder, one))
}

const { options, selected } = readTask()
const servers: ScenarioReport[] = []
const figures: FigureReport[] = []
for (const scenario of selected) {
  // Progress goes to stderr, so that stdout holds the result alone.
  console.error(`${scenario.name}: ${scenario.measures}`)
  if (isFigureScenario(scenario)) {
    const { pairs, ...rest } = options
    figures.push(
      ...(await scenario.measure(pairs === undefined ? rest : { ...rest, turns: pairs })),
    )
  } else {
    servers.push(reportOn(scenario, await onOneCpu(() => measureScenario(scenario, options))))
  }
}

const reports = [...servers, ...figures]
const tables = [
  ...(servers.length === 0 ? [] : [formatTable(servers)]),
  ...(figures.length === 0 ? [] : [formatFigures(figures)]),
]
console.log(options.json ? JSON.stringify(reports, null, 2) : tables.join('\n\n'))
if (options.check && reports.some((report) => report.isMet === false)) process.exitCode = 1
