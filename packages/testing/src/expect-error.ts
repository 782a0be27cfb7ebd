import { AssertionError } from 'node:assert'
import type { DefinedError, DetailsOf, DetailsSchema, ServiceErrorClass } from '@fastify-scs/core'
import { show, textAt, thrownOf, toKebabCase, toUpperSnakeCase } from '@fastify-scs/core/kit'
import { type ErrorAnswer, readErrorBody } from './error-body.js'
import { ArgumentError } from './errors.js'
import { describeReport, type ReportView, type SeenReport } from './reports.js'

/** Which error is expected: what `defineError` or `registerError` returned, a class of ServiceError, or an id. */
export type ExpectedError<Schema extends DetailsSchema = DetailsSchema> =
  | DefinedError<string, string, Schema>
  | ServiceErrorClass
  | string

/** The part of what `app.inject` returns that is read. */
export interface InjectedResponse {
  readonly statusCode: number
  readonly body: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly raw?: { readonly res: unknown }
}

/** The error that a response is. */
export interface FoundError<Details = unknown> {
  readonly id: string
  /** HTTP status code. */
  readonly status: number
  /** What the client reads. */
  readonly message: string
  readonly details: Details
  /** The id of the report about it: of the header `x-error-id`, else of the body. */
  readonly errorId: string | undefined
}

interface Answered {
  readonly status: number
  readonly text: string
  readonly errorId: string | undefined
  /** What the service has thrown, where the response tells it. */
  readonly thrown?: unknown
  readonly reports?: readonly SeenReport[]
}

/**
 * Checks that a response is an error, in whichever of the three formats, and returns it; the details have the type of the definition's schema. A promise for a response of `fetch`, whose body is
 * read from a copy.
 *
 * @param seen the reports of the service: the message shows the last one, where a response of `fetch` is a 500 that was not expected
 * @throws AssertionError with the status, the body and, for an answer of `app.inject`, the error that was thrown as its cause;
 * SCS_TESTING_ERR_ARGUMENT where nobody has awaited the response
 */
export function expectError<Schema extends DetailsSchema = DetailsSchema>(
  response: InjectedResponse,
  expected: ExpectedError<Schema>,
): FoundError<DetailsOf<Schema>>
export function expectError<Schema extends DetailsSchema = DetailsSchema>(
  response: Response,
  expected: ExpectedError<Schema>,
  seen?: ReportView,
): Promise<FoundError<DetailsOf<Schema>>>
export function expectError(
  response: InjectedResponse | Response,
  expected: ExpectedError,
  seen?: ReportView,
): FoundError | Promise<FoundError> {
  const wanted = expectedOf(expected)
  if (isFetched(response)) return checkFetched(response, wanted, seen)
  if (typeof (response as Partial<InjectedResponse> | undefined)?.statusCode !== 'number') {
    throw new ArgumentError('expectError', 'a response of app.inject or fetch', shown(response))
  }
  const { statusCode: status, body: text, headers, raw } = response
  const errorId = textAt(headers, 'x-error-id') ?? undefined
  return check({ status, text, errorId, thrown: thrownOf(raw?.res) }, wanted)
}

/** By its methods, as the Response of undici and that of a test's environment are other classes. */
function isFetched(response: InjectedResponse | Response): response is Response {
  return typeof (response as Partial<Response> | undefined)?.clone === 'function'
}

/** What `app.inject` returns is no promise, but can be awaited. */
function shown(value: unknown): string {
  const { then } = (value ?? {}) as { readonly then?: unknown }
  return typeof then === 'function' ? 'a promise, which has to be awaited' : show(value)
}

async function checkFetched(
  response: Response,
  wanted: Wanted,
  seen: ReportView | undefined,
): Promise<FoundError> {
  const text = await textOf(response)
  const { status } = response
  const reports = status >= 500 ? await seen?.all() : undefined
  const errorId = response.headers.get('x-error-id') ?? undefined
  return check({ status, text, errorId, ...(reports !== undefined && { reports }) }, wanted)
}

async function textOf(response: Response): Promise<string> {
  if (response.bodyUsed) return '(read already)'
  try {
    return await response.clone().text()
  } catch (error) {
    return `(broke off: ${String(error)})`
  }
}

function check(answered: Answered, { id, status }: Wanted): FoundError {
  const found = readErrorBody(parsed(answered.text))
  const isExpected =
    found !== undefined && isSame(found, id) && (status === undefined || status === answered.status)
  if (isExpected)
    return { ...found, id, status: answered.status, errorId: answered.errorId ?? found.errorId }
  throw failure(answered, found, { id, status })
}

interface Wanted {
  readonly id: string
  readonly status: number | undefined
}

function expectedOf(expected: ExpectedError): Wanted {
  if (typeof expected === 'string') return { id: expected, status: undefined }
  const { id, code, status } = (expected ?? {}) as { id?: unknown; code?: unknown; status?: number }
  if (typeof id === 'string' && typeof code === 'number') return { id, status: code }
  if (typeof code === 'string') return { id: toKebabCase(code), status }
  const kinds = 'an id, what defineError returned, or a class of ServiceError'
  throw new ArgumentError('expectError, expected', kinds, show(expected))
}

/** The `pymacaron` format has the id in upper snake case, where a dot and a dash are the same. */
function isSame(found: ErrorAnswer, id: string): boolean {
  return found.id === id || toUpperSnakeCase(found.id) === toUpperSnakeCase(id)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function failure(
  answered: Answered,
  found: ErrorAnswer | undefined,
  wanted: Wanted,
): AssertionError {
  const { status, text, thrown } = answered
  const expected = named(wanted.id, wanted.status)
  const actual =
    found === undefined ? `${status} without an error that is known` : named(found.id, status)
  const lines = [
    `expected the error ${expected}, got ${actual}`,
    `body: ${shortened(text)}`,
    ...causeLines(answered),
  ]
  const error = new AssertionError({
    message: lines.join('\n'),
    actual,
    expected,
    operator: 'expectError',
    stackStartFn: expectError,
  })
  return thrown instanceof Error ? Object.assign(error, { cause: thrown }) : error
}

function named(id: string, status: number | undefined): string {
  return status === undefined ? id : `${id} (${status})`
}

function causeLines({ status, thrown, reports }: Answered): readonly string[] {
  if (status < 500) return []
  if (thrown instanceof Error) return [`thrown by the service: ${thrown.stack ?? String(thrown)}`]
  if (thrown !== undefined) return [`thrown by the service: ${String(thrown)}`]
  const last = reports?.at(-1)
  return last === undefined ? [] : [`last report: ${describeReport(last)}`]
}

const MAX_BODY_CHARS = 2_000

function shortened(text: string): string {
  if (text === '') return '(empty)'
  return text.length <= MAX_BODY_CHARS ? text : `${text.slice(0, MAX_BODY_CHARS)} ...`
}
