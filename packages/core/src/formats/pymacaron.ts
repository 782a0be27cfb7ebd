import type { Failure } from '../errors/failure.js'

/** The body of the `pymacaron` format. From PyMacaron's Error model. */
export interface PymacaronErrorBody {
  readonly error: string
  readonly error_description: string
  readonly user_message?: string
  readonly status: number
}

/** `{ "error", "error_description", "user_message"?, "status" }` */
export function formatPymacaron(failure: Failure): PymacaronErrorBody {
  const { code, description, userMessage, status } = failure
  const body = { error: code, error_description: description, status }
  return userMessage === undefined ? body : { ...body, user_message: userMessage }
}
