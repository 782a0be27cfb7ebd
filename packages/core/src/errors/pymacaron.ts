import type { JsonValue } from '../json-value.js'
import type { Failure } from './failure.js'

/** The body of the `pymacaron` format. From PyMacaron's Error model. */
export interface PymacaronErrorBody {
  readonly error: string
  readonly error_description: string
  readonly user_message?: string
  readonly status: number
  readonly error_id?: string
  readonly error_details?: JsonValue
}

/** What the body is made of. */
export type PymacaronErrorFields = Pick<
  Failure,
  'code' | 'description' | 'userMessage' | 'status' | 'errorId' | 'details'
>

/** `{ "error", "error_description", "user_message"?, "status", "error_id"?, "error_details"? }` */
export function formatPymacaron(failure: PymacaronErrorFields): PymacaronErrorBody {
  const { code, description, userMessage, status, errorId, details } = failure
  return {
    error: code,
    error_description: description,
    ...(userMessage === undefined ? {} : { user_message: userMessage }),
    status,
    ...(errorId === undefined ? {} : { error_id: errorId }),
    ...(details === undefined ? {} : { error_details: details }),
  }
}
