import type { FigureScenario } from './figure-scenario.js'
import type { Scenario } from './scenario.js'

type AnyScenario = Scenario | FigureScenario

/**
 * The scenarios of the given names in that order, or without a name all but those that only run by their name.
 *
 * @throws Error for an unknown name, with the list of those that exist
 */
export function selectScenarios(
  scenarios: readonly AnyScenario[],
  names: readonly string[],
): readonly AnyScenario[] {
  if (names.length === 0) {
    return scenarios.filter((scenario) => !isFigureScenario(scenario) || !scenario.isByNameOnly)
  }
  return names.map((name) => {
    const scenario = scenarios.find((candidate) => candidate.name === name)
    if (scenario === undefined) {
      const known = scenarios.map((candidate) => candidate.name).join(', ')
      throw new Error(`Unknown scenario '${name}'. Known: ${known}`)
    }
    return scenario
  })
}

/** Whether a scenario draws its figures itself and is not a pair of servers. */
export function isFigureScenario(scenario: AnyScenario): scenario is FigureScenario {
  return 'measure' in scenario
}
