import {
  describeThrown,
  type JsonValue,
  type Redactor,
  type ThrownDescription,
} from '@fastify-scs/core'
import {
  boundedData,
  type DescribedBody,
  type DescribeOptions,
  describeValue,
  isErrorObject,
} from '@fastify-scs/core/kit'

/** Describes a value, or something thrown, that the application passes in. Never throws. */
export function describeGiven(
  value: unknown,
  redactor: Redactor,
  options: DescribeOptions,
): DescribedBody {
  try {
    return describe(value, redactor, options)
  } catch {
    // A Proxy whose trap throws, or a revoked one, cannot be asked for its class.
    return describeValue(value, redactor, options)
  }
}

function describe(value: unknown, redactor: Redactor, options: DescribeOptions): DescribedBody {
  if (value instanceof NotRecorded) return { value: value.marker, isTruncated: true }
  if (value instanceof Caught) {
    const thrown = describeError(value.error, redactor)
    if (value.body === undefined) return boundedData(thrown, options.maxBytes)
    const body = describeGiven(value.body, redactor, options)
    const error = { ...thrown, body: body.value }
    const described = boundedData(error, options.maxBytes)
    return { ...described, isTruncated: described.isTruncated || body.isTruncated }
  }
  if (isErrorObject(value)) return boundedData(describeError(value, redactor), options.maxBytes)
  return describeValue(value, redactor, options)
}

/** A thrown value as a record keeps it: without the stack, which is about this process and not about the call. */
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

/** A thrown value, and the answer's body that came before it was thrown, if one did. */
export class Caught {
  readonly error: unknown
  readonly body: unknown

  constructor(error: unknown, body?: unknown) {
    this.error = error
    this.body = body
  }
}

/** Stands in for a body that only the application may read; it holds the reason. */
export class NotRecorded {
  readonly marker: string

  constructor(why: string) {
    this.marker = `[not recorded: ${why}]`
  }
}
