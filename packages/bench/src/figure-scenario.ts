import type { FigureReport } from './figure.js'

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
