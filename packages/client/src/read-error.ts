import type { ErrorOfBody } from './error-body.js'
import type { ScsError } from './scs-error.js'

/** What the head of an answer says, for a body that does not. */
export interface AnswerHead {
  /** HTTP status code. */
  readonly status?: unknown
  /** The header `x-error-id`. */
  readonly errorId?: unknown
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads the body of an error answer, parsed from JSON, in whichever of the three formats. Undefined for anything else, and for an error that
 * does not come from a service of this family: it has no id. Never throws.
 *
 * @param head what the head of the answer says; the body comes first
 */
export function readScsError<Body>(
  body: Body,
  head: AnswerHead = {},
): ErrorOfBody<Body> | undefined {
  try {
    const read = readBody(body, head)
    return read as ErrorOfBody<Body> | undefined
  } catch {
    // A getter or a Proxy trap threw: the body tells nothing.
    return undefined
  }
}

/** The same, without types of its own. May throw where a getter of the body does. */
export function readBody(body: unknown, head: AnswerHead): ScsError | undefined {
  if (!isFields(body)) return undefined
  if (isFields(body.error)) return readScs(body, body.error, head)
  if (typeof body.error === 'string') return readPymacaron(body, body.error, head)
  return isRead(body) ? body : readProblem(body, head)
}

function readScs(body: Fields, error: Fields, head: AnswerHead): ScsError | undefined {
  const { id, message, details } = error
  if (!isText(id) || typeof message !== 'string') return undefined
  return {
    id,
    code: toCode(id),
    message,
    details,
    status: statusOf(body.status) ?? statusOf(head.status),
    errorId: idOf(body.error_id) ?? idOf(head.errorId),
    format: 'scs',
  }
}

/**
 * OAuth's errors and Fastify's own have a text as `error` too, but none in upper snake case; some services have such codes, but no
 * `error_description` and `status` beside them.
 */
function readPymacaron(body: Fields, code: string, head: AnswerHead): ScsError | undefined {
  if (!isCode(code)) return undefined
  const { user_message, error_description, error_details } = body
  const status = statusOf(body.status)
  if (typeof error_description !== 'string' || status === undefined) return undefined
  return {
    id: code.replaceAll('_', '-').toLowerCase(),
    code,
    message: textOf(user_message) || error_description,
    details: error_details ?? undefined,
    status,
    errorId: idOf(body.error_id) ?? idOf(head.errorId),
    format: 'pymacaron',
  }
}

/** Anything may have an `id`: a problem has a title and the status of an error beside it. */
function readProblem(body: Fields, head: AnswerHead): ScsError | undefined {
  const { id, title, type, detail, details, errors } = body
  const status = statusOf(body.status)
  if (!isText(id) || status === undefined || !isText(title) || !isText(type)) return undefined
  return {
    id,
    code: toCode(id),
    message: textOf(detail) || title,
    details: details ?? errors,
    status,
    errorId: idOf(body.error_id) ?? idOf(head.errorId),
    format: 'problem',
  }
}

/** Whether an object is what `readBody` has returned. */
function isRead(body: Fields): body is Fields & ScsError {
  const { id, code, message, format } = body
  return (
    isText(id) &&
    isText(code) &&
    typeof message === 'string' &&
    'details' in body &&
    'errorId' in body &&
    (format === 'scs' || format === 'pymacaron' || format === 'problem')
  )
}

/** `orders-sold-out` -> `ORDERS_SOLD_OUT`, as the service makes it. */
export function toCode(id: string): string {
  return id.replace(/[^\p{L}\p{N}]+/gu, '_').toUpperCase()
}

function isCode(text: string): boolean {
  return /^\p{L}[\p{L}\p{N}_]*$/u.test(text) && text === text.toUpperCase()
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The status of an error, as a number or as text. */
function statusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value
  const isStatus = typeof status === 'number' && Number.isInteger(status)
  return isStatus && status >= 400 && status <= 599 ? status : undefined
}

function idOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : undefined
}
