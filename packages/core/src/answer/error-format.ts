import { STATUS_CODES } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { idInUrl } from '../errors/error-code.js'
import { formatPymacaron, isErrorModel } from '../errors/error-model.js'
import type { Failure } from '../errors/failure.js'
import { isServiceError } from '../errors/service-error.js'
import { isObject } from '../kit/unknown-value.js'
import { pathOf } from '../request/request-facts.js'

/** Makes the body of an error answer; a string is sent as text, anything else as JSON. */
export type ErrorFormatter = (error: Failure, request: FastifyRequest) => unknown

/** The built-in formats. */
export type ErrorFormatName = 'scs' | 'pymacaron' | 'problem'

/** A format of error answers. */
export interface ErrorFormat {
  readonly format: ErrorFormatter
  readonly contentType: string
  /** Whether the body depends on the failure alone, so that it can be kept. */
  readonly isConstant: boolean
  /** Whether the body has the id of the report. */
  readonly showsErrorId: boolean
  /** Whether the body is always plain JSON data. */
  readonly isPlain: boolean
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** Gives the `type` of a problem for an error's id. */
export type ProblemTypeOf = (id: string) => string

/** A name for an error, which leads nowhere. */
export const problemUrn: ProblemTypeOf = (id) => `urn:problem-type:${idInUrl(id)}`

/** The RFC 9457 format; a client gets it as well that accepts nothing else. */
export function problemFormat(typeOf: ProblemTypeOf = problemUrn): ErrorFormat {
  return {
    format: (failure, request) => formatProblem(failure, request, typeOf),
    contentType: 'application/problem+json; charset=utf-8',
    isConstant: false,
    showsErrorId: true,
    isPlain: true,
  }
}

/** The SCS format, also used where an application's format fails. */
export const SCS_FORMAT: ErrorFormat = {
  format: formatScs,
  contentType: JSON_TYPE,
  isConstant: true,
  showsErrorId: false,
  isPlain: true,
}

const PYMACARON_FORMAT: ErrorFormat = {
  format: formatPymacaron,
  contentType: JSON_TYPE,
  isConstant: true,
  showsErrorId: true,
  isPlain: true,
}

/** The format of the option `errorFormat`: a built-in one, or the function's. */
export function resolveErrorFormat(
  option: ErrorFormatName | ErrorFormatter,
  problem: ErrorFormat,
): ErrorFormat {
  if (typeof option === 'function') {
    return {
      format: option,
      contentType: JSON_TYPE,
      isConstant: false,
      showsErrorId: true,
      isPlain: false,
    }
  }
  return { scs: SCS_FORMAT, pymacaron: PYMACARON_FORMAT, problem }[option]
}

/** Whether a client accepts problem details and nothing else. */
export function acceptsOnlyProblem(accept: string | undefined): boolean {
  if (accept === undefined || !/problem\+json/i.test(accept)) return false
  const accepted = accept
    .split(',')
    .map((range) => range.trim().toLowerCase())
    .filter((range) => range !== '' && !/;\s*q=0(\.0*)?\s*(;|$)/.test(range))
  return (
    accepted.length > 0 &&
    accepted.every((range) => /^application\/problem\+json\s*(;|$)/.test(range))
  )
}

/** The body of the `scs` format. From SCS. */
export interface ScsErrorBody {
  readonly error: { readonly id: string; readonly message: string; readonly details?: unknown }
}

/** `{ "error": { "id", "message", "details"? } }` */
export function formatScs({ id, message, details }: Failure): ScsErrorBody {
  return { error: details === undefined ? { id, message } : { id, message, details } }
}

/** The body of the `problem` format. From RFC 9457. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly id: string
  readonly error_id?: string
  readonly errors?: unknown
  readonly details?: unknown
}

/** RFC 9457 problem details, with the error's `id`; `errors` for a validation error, else `details`. */
function formatProblem(
  failure: Failure,
  request: FastifyRequest,
  typeOf: ProblemTypeOf,
): ProblemBody {
  const { status, id, message, details, validation, thrown, errorId } = failure
  const hasOwnId = failure.registered !== undefined || hasIdOfItsOwn(thrown)
  const body = {
    type: hasOwnId ? typeOf(id) : 'about:blank',
    title: STATUS_CODES[status] ?? 'Unknown error',
    status,
    detail: message,
    instance: pathOf(request.url),
    id,
    ...(errorId === undefined ? {} : { error_id: errorId }),
  }
  if (validation !== undefined) return { ...body, errors: validation }
  return details === undefined ? body : { ...body, details }
}

function hasIdOfItsOwn(thrown: unknown): boolean {
  try {
    if (!isObject(thrown)) return false
    return isServiceError(thrown) || isErrorModel(thrown)
  } catch {
    // A Proxy trap threw.
    return false
  }
}
