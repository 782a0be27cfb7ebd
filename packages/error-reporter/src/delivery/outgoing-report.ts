import type { CrashReport } from '../report/crash-report.js'
import { sortedJson } from '../report/sorted-json.js'
import type { ErrorReporter } from '../reporters/reporter.js'

/** A report on its way. */
export class Parcel {
  readonly report: CrashReport
  readonly #error: unknown
  #message: string | undefined

  /** @param error what was thrown or caught; it is handed on as it is and goes nowhere else */
  constructor(report: CrashReport, error: unknown) {
    this.report = report
    this.#error = error
  }

  /** What was thrown or caught. Not a field, so that nobody writes it with the rest. */
  get error(): unknown {
    return this.#error
  }

  /** The report as text for people, made once for all reporters; empty for one that does not look at it. */
  messageFor(reporter: ErrorReporter): string {
    if (reporter.ignoresMessage === true) return ''
    this.#message ??= sortedJson(this.report)
    return this.#message
  }
}
