import type { Failure } from '../errors/failure.js'

/** The body of the `scs` format. From SCS. */
export interface ScsErrorBody {
  readonly error: { readonly id: string; readonly message: string; readonly details?: unknown }
}

/** `{ "error": { "id", "message", "details"? } }` */
export function formatScs({ id, message, details }: Failure): ScsErrorBody {
  return { error: details === undefined ? { id, message } : { id, message, details } }
}
