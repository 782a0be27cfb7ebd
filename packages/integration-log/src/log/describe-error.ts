import {
  describeThrown,
  type JsonValue,
  type Redactor,
  type ThrownDescription,
} from '@fastify-scs/core'

/** A thrown value as a record keeps it: without the stack, which tells of our host and not of the call. */
export function describeError(error: unknown, redactor: Redactor): { [field: string]: JsonValue } {
  return plain(describeThrown(error, redactor))
}

function plain({ name, message, code, cause }: ThrownDescription): { [field: string]: JsonValue } {
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined ? {} : { cause: plain(cause) }),
  }
}
