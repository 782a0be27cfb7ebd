import type { Side } from '../measure/side.js'
import type { FigureReport } from '../report/figure.js'

/** A pair of servers whose CPU cost is compared as b / a. */
export interface Scenario {
  readonly name: string
  /** What the ratio says, in one line. */
  readonly measures: string
  /** The largest ratio that is good enough. @default none: the figure is for information */
  readonly goal?: number | null
  /** Whether both sides must answer with the very same body. */
  readonly sameBody: boolean
  readonly a: Side
  readonly b: Side
}

/** How much is measured; what is missing is the scenario's own choice. */
export interface FigureSettings {
  /** Turns of each program in a round. */
  readonly turns?: number
  /** Repetitions with fresh processes. */
  readonly rounds?: number
  /** Length of a soak. */
  readonly minutes?: number
}

/** A measurement that draws its figures itself: of the record store, of clients, or of more than two servers. */
export interface FigureScenario {
  readonly name: string
  /** What the figures say, in one line. */
  readonly measures: string
  /** Whether it only runs when it is asked for. */
  readonly isByNameOnly: boolean
  measure(settings: FigureSettings): Promise<readonly FigureReport[]>
}

/** Either kind. */
export type AnyScenario = Scenario | FigureScenario

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
