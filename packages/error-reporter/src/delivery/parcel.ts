import type { CrashReport } from '../report/crash-report.js'
import { sortedJson } from '../report/sorted-json.js'
import type { ErrorReporter } from '../reporter.js'

/** A report on its way. */
export class Parcel {
  readonly report: CrashReport
  #message: string | undefined

  constructor(report: CrashReport) {
    this.report = report
  }

  /** The report as text for people, made once for all reporters; empty for one that does not look at it. */
  messageFor(reporter: ErrorReporter): string {
    if (reporter.ignoresMessage === true) return ''
    this.#message ??= sortedJson(this.report)
    return this.#message
  }
}
