import type { JsonValue, Redactor } from '@fastify-scs/core'
import { describeThrown, type ThrownDescription } from '@fastify-scs/core/kit'

/** A thrown value as a record keeps it: without the stack, which tells of our host and not of the call. */
export function describeError(error: unknown, redactor: Redactor): { [field: string]: JsonValue } {
  return plain(describeThrown(error, redactor))
}

function plain(description: ThrownDescription): { [field: string]: JsonValue } {
  const { name, message, code, cause, errors = [], leftOut = 0 } = description
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(errors.length === 0 ? {} : { errors: errors.map(plain) }),
    ...(leftOut === 0 ? {} : { errorsLeftOut: leftOut }),
    ...(cause === undefined ? {} : { cause: plain(cause) }),
  }
}
