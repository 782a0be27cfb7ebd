import type { FigureReport } from './figure.js'

/** How much is measured; what is missing is the scenario's own choice. */
export interface StoreSettings {
  /** Turns of each program in a round. */
  readonly turns?: number
  /** Repetitions with fresh processes. */
  readonly rounds?: number
  /** Length of a soak. */
  readonly minutes?: number
}

/** A measurement of the record store. */
export interface StoreScenario {
  readonly name: string
  /** What the figures say, in one line. */
  readonly measures: string
  /** Whether it only runs when it is asked for. */
  readonly isByNameOnly: boolean
  measure(settings: StoreSettings): Promise<readonly FigureReport[]>
}
