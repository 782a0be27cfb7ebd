import { STATUS_CODES } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { isErrorModel } from '../errors/error-model.js'
import type { Failure } from '../errors/failure.js'
import { isServiceError } from '../errors/service-error.js'
import { pathOf } from '../request/request-path.js'

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
export function formatProblem(failure: Failure, request: FastifyRequest): ProblemBody {
  const { status, id, message, details, validation, thrown, errorId } = failure
  const hasOwnId = failure.registered !== undefined || hasIdOfItsOwn(thrown)
  const body = {
    type: hasOwnId ? `urn:problem-type:${encodeURIComponent(id)}` : 'about:blank',
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
    if (typeof thrown !== 'object' || thrown === null) return false
    return isServiceError(thrown) || isErrorModel(thrown)
  } catch {
    // A Proxy trap threw.
    return false
  }
}
