// A report as it was recorded is plain data of any version: nothing of it is taken for granted.

/** Plain data with named fields. */
export type Fields = Readonly<Record<string, unknown>>

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

/** Named fields; undefined where the value is something else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined
}

/** A text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Whether there is nothing in a value: null, an empty object, list or text. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
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
