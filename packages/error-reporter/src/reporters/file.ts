import { appendFileSync, closeSync, openSync } from 'node:fs'
import { ReportFileError } from '../errors.js'
import type { CrashReport } from '../report/crash-report.js'
import { type ErrorReporter, namedReporter } from '../reporter.js'

/** Where a file reporter writes. */
export interface FileOptions {
  /** Path of the file; its folder must exist. A new file has the mode 0600. It is not rotated, but may be moved away at any time. */
  readonly path: string
}

const OWNER_ONLY = 0o600

/**
 * Appends each report to a file, as one line of JSON.
 *
 * @throws SCS_REPORTER_ERR_FILE when the file cannot be opened
 */
export function fileReporter({ path }: FileOptions): ErrorReporter {
  assertWritable(path)
  // Synchronously: a report is a few kilobytes, and there are 60 a minute at most.
  const append = (report: CrashReport): void => {
    appendFileSync(path, `${JSON.stringify(report)}\n`, { mode: OWNER_ONLY })
  }
  return namedReporter('file', (_title, _message, report) => append(report), {
    sync: (_title, _message, report) => append(report),
    ignoresMessage: true,
  })
}

function assertWritable(path: string): void {
  try {
    closeSync(openSync(path, 'a', OWNER_ONLY))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw Object.assign(new ReportFileError(path, reason), { cause: error })
  }
}
