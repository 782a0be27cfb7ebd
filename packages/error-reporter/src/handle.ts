import type { CallbackName } from './callbacks.js'
import type { LaneStats } from './delivery/reporter-queue.js'

/** What the reporter has done since it was registered. */
export interface ErrorReporterStats {
  /** Reports that were handed to the reporters. */
  readonly reported: { readonly fatal: number; readonly nonFatal: number }
  /** Occurrences that were counted only. */
  readonly suppressed: number
  /** How often the store has not said in time whether a report is due, so that this instance's own count decided. */
  readonly storeFailures: number
  /** 5xx answers that the option `ignore` has left out. */
  readonly ignored: number
  /** Reports that `beforeReport` has dropped. */
  readonly dropped: number
  /** Groups that are remembered now. */
  readonly groups: number
  /** How often the functions of the options have failed. */
  readonly callbackFailures: Readonly<Record<CallbackName, number>>
  /** What became of the reports, for each reporter. */
  readonly reporters: readonly LaneStats[]
}

/** What the plugin decorates the app with, as `app.errorReporter`. */
export interface ErrorReporterHandle {
  stats(): ErrorReporterStats
  /** Resolves when every report so far is delivered or given up. */
  flush(): Promise<void>
}
