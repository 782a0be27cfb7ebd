import type { CrashReport } from '../report/crash-report.js'
import { type ErrorReporter, namedReporter, type SyncReporter } from './reporter.js'

const write: SyncReporter = (title, _message, report, log) => {
  const { error_id: errorId, kind } = report
  const durationMs = durationOf(report)
  if (report.is_fatal_error) log.error({ errorId, report }, title)
  else if (durationMs === undefined) log.warn({ errorId, report }, title)
  else {
    const timed = kind === 'slow' ? `${title} It took ${Math.round(durationMs)} ms.` : title
    log.warn({ errorId, durationMs, report }, timed)
  }
}

/** How long a slow or stuck call took, as slow-call has said it in the report's data, in milliseconds. */
function durationOf({ kind, data }: CrashReport): number | undefined {
  if (kind !== 'slow' && kind !== 'stuck') return undefined
  const { durationMs } = (data ?? {}) as { readonly durationMs?: unknown }
  return typeof durationMs === 'number' ? durationMs : undefined
}

/** Writes reports to the application's log: fatal ones at level error, the others at warn. */
export function logReporter(): ErrorReporter {
  return namedReporter(
    'log',
    (title, message, report, { log }) => write(title, message, report, log),
    { sync: write, ignoresMessage: true },
  )
}
