/** What tells one kind of error from another without reading its stack trace, which is what costs. */
export interface ErrorTraits {
  /** Class of an error, else the type of the value. */
  readonly name: string
  /** Its code, or an empty string. */
  readonly code: string
  readonly message: string
}

const UNREADABLE: ErrorTraits = { name: 'unreadable', code: '', message: '' }

/** Reads the traits of whatever was thrown or caught. Never throws. */
export function traitsOf(caught: unknown): ErrorTraits {
  try {
    if (typeof caught !== 'object' || caught === null) {
      return { name: caught === null ? 'null' : typeof caught, code: '', message: String(caught) }
    }
    return traitsOfObject(caught as Record<string, unknown>)
  } catch {
    // A getter or a Proxy trap threw.
    return UNREADABLE
  }
}

function traitsOfObject(caught: Record<string, unknown>): ErrorTraits {
  const { constructor: made, code, message } = caught
  const name = typeof made === 'function' && made.name !== '' ? made.name : 'object'
  if (isResponse(caught)) {
    return { name, code: String(caught.status), message: caught.statusText }
  }
  // PyMacaron's Error model: `{ error, error_description, status }`.
  const { error, error_description } = caught
  return {
    name,
    code: textOf(code) ?? textOf(error) ?? '',
    message: textOf(message) ?? textOf(error_description) ?? '',
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** Whether a value is a `Response` of fetch, of whichever copy of undici. Never throws. */
export function isResponse(value: unknown): value is Response {
  try {
    return Object.prototype.toString.call(value) === '[object Response]'
  } catch {
    // A Proxy trap threw.
    return false
  }
}

/** `instanceof` that never throws, whatever the value's traps do. */
export function isInstanceOf(
  value: unknown,
  made: abstract new (...args: never[]) => unknown,
): boolean {
  try {
    return value instanceof made
  } catch {
    return false
  }
}
