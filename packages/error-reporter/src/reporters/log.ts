import { type ErrorReporter, namedReporter, type SyncReporter } from './reporter.js'

const write: SyncReporter = (title, _message, report, log) => {
  if (report.is_fatal_error) log.error({ errorId: report.error_id, report }, title)
  else log.warn({ errorId: report.error_id, report }, title)
}

/** Writes reports to the application's log: fatal ones at level error, the others at warn. */
export function logReporter(): ErrorReporter {
  return namedReporter(
    'log',
    (title, message, report, { log }) => write(title, message, report, log),
    { sync: write, ignoresMessage: true },
  )
}
