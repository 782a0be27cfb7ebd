import type { Redactor } from './redact/redactor.js'

/**
 * A thrown value as a log or a report may show it: plain, bounded and redacted. It has no prototype, so that pino's
 * serializer for errors takes its `name` for the type.
 */
export interface ThrownDescription {
  /** The class of an error, else the type of the value. */
  readonly name: string
  readonly message: string
  /** The stack trace with its head line, when there is one. */
  readonly stack?: string
  readonly code?: string
  readonly cause?: ThrownDescription
}

const MAX_CAUSES = 8

/** Describes whatever was thrown. Never throws, whatever the value does when it is read. */
export function describeThrown(thrown: unknown, redactor: Redactor): ThrownDescription {
  return describe(thrown, redactor, 0)
}

/** The stack trace of a description followed by those of its causes; the message where there is none. */
export function stackWithCauses(description: ThrownDescription): string {
  const { message, stack = message, cause } = description
  return cause === undefined ? stack : `${stack}\ncaused by: ${stackWithCauses(cause)}`
}

function describe(thrown: unknown, redactor: Redactor, depth: number): ThrownDescription {
  if (typeof thrown !== 'object' || thrown === null) {
    return bare({
      name: thrown === null ? 'null' : typeof thrown,
      message: redactor.text(String(thrown)),
    })
  }
  const message = read(thrown, 'message')
  const stack = read(thrown, 'stack')
  const code = read(thrown, 'code')
  const cause = depth < MAX_CAUSES ? read(thrown, 'cause') : undefined
  return bare({
    name: classOf(thrown),
    message:
      typeof message === 'string' ? redactor.text(message) : JSON.stringify(redactor.value(thrown)),
    ...(typeof stack === 'string' && stack !== '' ? { stack: redactor.text(stack) } : {}),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(cause === undefined || cause === null
      ? {}
      : { cause: describe(cause, redactor, depth + 1) }),
  })
}

function classOf(thrown: object): string {
  const made = read(thrown, 'constructor')
  const name = typeof made === 'function' ? read(made, 'name') : undefined
  return typeof name === 'string' && name !== '' ? name : 'object'
}

function bare(fields: ThrownDescription): ThrownDescription {
  return Object.assign(Object.create(null) as object, fields)
}

function read(from: object, key: string): unknown {
  try {
    return (from as Record<string, unknown>)[key]
  } catch {
    // A getter or a Proxy trap threw: the property counts as not there.
    return undefined
  }
}
