import type { JsonValue } from '@fastify-scs/core'
import type { CrashReport } from '../report/crash-report.js'
import type { ErrorReporter } from '../reporters/reporter.js'

/** A report on its way to the reporters, with what they are passed beside it. */
export class OutgoingReport {
  readonly report: CrashReport
  readonly #error: unknown
  #message: string | undefined

  /** @param error what was thrown or caught; only the reporters get it */
  constructor(report: CrashReport, error: unknown) {
    this.report = report
    this.#error = error
  }

  /** What was thrown or caught, not redacted. A getter, so that nobody writes it to a log with the other fields. */
  get error(): unknown {
    return this.#error
  }

  /** The report as JSON for people, made once for all reporters; empty for a reporter that does not read it. */
  messageFor(reporter: ErrorReporter): string {
    if (reporter.ignoresMessage === true) return ''
    this.#message ??= sortedJson(this.report)
    return this.#message
  }
}

/**
 * JSON for people: indented by four, keys sorted. From PyMacaron's crash dumps. A report is built in this order; only what the
 * application or the client has sent has to be sorted, since a sorted copy costs twice as much as the text.
 */
export function sortedJson(value: JsonValue): string {
  return JSON.stringify(isSorted(value) ? value : sorted(value), null, 4)
}

function isSorted(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isSorted)
  let previous = ''
  // Twice as fast as Object.keys; a key that is inherited would only lead to a needless copy.
  for (const key in value) {
    if (key < previous || !isSorted(value[key] as JsonValue)) return false
    previous = key
  }
  return true
}

function sorted(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] as JsonValue)]))
}
