import { randomUUID } from 'node:crypto'
import { asErrorId } from '@fastify-scs/core/kit'

const MAX_CAUSES = 8

/** The id of a new error. */
export function createErrorId(): string {
  return randomUUID()
}

/**
 * The id that an error has brought along from the service where it began: its own `error_id`, or one of those that it
 * wraps. Never throws.
 */
export function forwardedErrorId(thrown: unknown): string | undefined {
  try {
    let error = thrown
    for (let depth = 0; depth <= MAX_CAUSES; depth++) {
      if (typeof error !== 'object' || error === null) return undefined
      const { error_id, errorId, cause } = error as Record<string, unknown>
      const id = asErrorId(error_id) ?? asErrorId(errorId)
      if (id !== undefined) return id
      error = cause
    }
  } catch {
    // A getter or a Proxy trap threw: the error says nothing of its id.
  }
  return undefined
}
