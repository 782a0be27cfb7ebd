import { type Fields, fieldsOf, textOf } from '../records/fields.js'

/** One error of a chain, outermost first. */
export interface ReportedError {
  readonly name: string
  readonly message: string
  readonly code: string | undefined
  readonly trace: readonly string[]
  /** The errors that it is made of, for an AggregateError. */
  readonly errors: readonly ReportedError[]
  /** How many of them are not shown. */
  readonly leftOut: number
  /** Of one of these errors: what is behind it. */
  readonly causes: readonly ReportedError[]
}

/** What a report's page shows of its data. */
export interface ReportData {
  /** The line of the trace that is no frame: `TypeError: x is not a function`. */
  readonly heading: string
  readonly trace: readonly string[]
  /** Where `reportError` was called. */
  readonly stack: readonly string[]
  readonly causes: readonly ReportedError[]
  readonly caught: unknown
  readonly request: Fields | undefined
  readonly response: Fields | undefined
  readonly user: Fields | undefined
  readonly server: Fields | undefined
  readonly facts: Fields | undefined
  readonly data: unknown
  readonly errorId: string | undefined
}

/** Reads the data of a crash report, as far as it is one. */
export function readReport(data: Fields): ReportData {
  const trace = textsOf(data.trace)
  const firstFrame = trace.findIndex((line) => /^\s*at /.test(line))
  const headingLines = firstFrame === -1 ? trace : trace.slice(0, firstFrame)
  return {
    heading: headingLines.join('\n').trim(),
    trace,
    stack: textsOf(data.stack),
    causes: listOf(data.causes).map(readError),
    caught: data.error_caught ?? null,
    request: fieldsOf(data.request),
    response: fieldsOf(data.response),
    user: fieldsOf(data.user),
    server: fieldsOf(data.server),
    facts: nonEmpty(fieldsOf(data.facts)),
    data: data.data ?? null,
    errorId: textOf(data.error_id),
  }
}

function readError(value: unknown): ReportedError {
  const error = fieldsOf(value) ?? {}
  return {
    name: textOf(error.name) ?? 'Error',
    message: textOf(error.message) ?? '',
    code: textOf(error.code),
    trace: textsOf(error.trace),
    errors: listOf(error.errors).map(readError),
    leftOut: typeof error.errors_left_out === 'number' ? error.errors_left_out : 0,
    causes: listOf(error.causes).map(readError),
  }
}

function nonEmpty(fields: Fields | undefined): Fields | undefined {
  return fields === undefined || Object.keys(fields).length === 0 ? undefined : fields
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((line) => typeof line === 'string')
}
