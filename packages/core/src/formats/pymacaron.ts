import type { Failure } from '../errors/failure.js'

/** The body of the `pymacaron` format. From PyMacaron's Error model. */
export interface PymacaronErrorBody {
  readonly error: string
  readonly error_description: string
  readonly user_message?: string
  readonly status: number
  readonly error_id?: string
}

/** `{ "error", "error_description", "user_message"?, "status", "error_id"? }` */
export function formatPymacaron(failure: Failure): PymacaronErrorBody {
  const { code, description, userMessage, status, errorId } = failure
  return {
    error: code,
    error_description: description,
    ...(userMessage === undefined ? {} : { user_message: userMessage }),
    status,
    ...(errorId === undefined ? {} : { error_id: errorId }),
  }
}
