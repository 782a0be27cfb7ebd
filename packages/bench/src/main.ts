import { type BenchArguments, parseArguments } from './arguments.js'
import { assertCpuTimeReadable } from './cpu-time.js'
import { pinToOneCpu } from './one-cpu.js'
import { measureScenario } from './paired-burst.js'
import { reportOn, type ScenarioReport } from './report.js'
import type { Scenario } from './scenario.js'
import { scenarios } from './scenarios/index.js'
import { selectScenarios } from './select-scenarios.js'
import { formatTable } from './table.js'

const USAGE =
  'Usage: node packages/bench/dist/main.js [scenario ...] [--pairs N] [--rounds N] [--json] [--check]'

interface Task {
  options: BenchArguments
  selected: readonly Scenario[]
}

function readTask(): Task {
  try {
    assertCpuTimeReadable()
    const options = parseArguments(process.argv.slice(2))
    return { options, selected: selectScenarios(scenarios, options.scenarios) }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`)
    process.exit(2)
  }
}

async function run({ options, selected }: Task): Promise<ScenarioReport[]> {
  const reports: ScenarioReport[] = []
  for (const scenario of selected) {
    // Progress goes to stderr, so that stdout holds the result alone.
    console.error(`${scenario.name}: ${scenario.measures}`)
    reports.push(reportOn(scenario, await measureScenario(scenario, options)))
  }
  return reports
}

const task = readTask()
pinToOneCpu()
const reports = await run(task)
console.log(task.options.json ? JSON.stringify(reports, null, 2) : formatTable(reports))
if (task.options.check && reports.some((report) => report.isMet === false)) process.exitCode = 1
