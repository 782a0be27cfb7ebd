import type { Scenario } from './scenario.js'

/**
 * The scenarios of the given names in that order, or all without a name.
 *
 * @throws Error for an unknown name, with the list of those that exist
 */
export function selectScenarios(
  scenarios: readonly Scenario[],
  names: readonly string[],
): readonly Scenario[] {
  if (names.length === 0) return scenarios
  return names.map((name) => {
    const scenario = scenarios.find((candidate) => candidate.name === name)
    if (scenario === undefined) {
      const known = scenarios.map((candidate) => candidate.name).join(', ')
      throw new Error(`Unknown scenario '${name}'. Known: ${known}`)
    }
    return scenario
  })
}
