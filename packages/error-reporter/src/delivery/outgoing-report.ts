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

/** JSON for people: indented by four, keys sorted. From PyMacaron's crash dumps. */
export function sortedJson(value: JsonValue): string {
  return JSON.stringify(sorted(value), null, 4)
}

/** The value itself where its keys are in order: most parts of a report are, and a look costs less than a copy. */
function sorted(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? sortedItems(value) : sortedFields(value)
}

function sortedItems(items: JsonValue[]): JsonValue[] {
  const copy = items.map(sorted)
  return copy.every((item, index) => item === items[index]) ? items : copy
}

function sortedFields(fields: { [key: string]: JsonValue }): { [key: string]: JsonValue } {
  let previous = ''
  let isInOrder = true
  const entries = Object.entries(fields)
  for (const entry of entries) {
    const [key, field] = entry
    const copy = sorted(field)
    if (key < previous || copy !== field) isInOrder = false
    entry[1] = copy
    previous = key
  }
  return isInOrder
    ? fields
    : Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)))
}
