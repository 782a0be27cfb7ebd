import { type Fields, fieldsOf, listOf, numberOf, textOf, textsOf } from '../records/fields.js'
import { type CodeByPlace, readCode } from './code-lines.js'

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
  /** The lines of code of its traces. */
  readonly code: CodeByPlace
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
  /** When the request began, when the report was built, and the microseconds between. */
  readonly time: Fields | undefined
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
    code: readCode(data.code),
    stack: textsOf(data.stack),
    causes: listOf(data.causes).map(readError),
    caught: data.error_caught ?? null,
    request: fieldsOf(data.request),
    response: fieldsOf(data.response),
    user: fieldsOf(data.user),
    server: fieldsOf(data.server),
    facts: nonEmpty(fieldsOf(data.facts)),
    data: data.data ?? null,
    time: fieldsOf(data.time),
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
    leftOut: numberOf(error.errors_left_out) ?? 0,
    causes: listOf(error.causes).map(readError),
  }
}

function nonEmpty(fields: Fields | undefined): Fields | undefined {
  return fields === undefined || Object.keys(fields).length === 0 ? undefined : fields
}
