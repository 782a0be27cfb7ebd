import { readThrown, type ThrownNode } from '@fastify-scs/core/kit'
import { originsOf } from './origins.js'

/** What tells one kind of error from another without reading its stack trace, which is what costs. */
export interface ErrorTraits {
  /** What an error goes by, else the type of the value. */
  readonly name: string
  /** Its code, or an empty string. */
  readonly code: string
  readonly message: string
  /** What it has come from (see `originsOf`). */
  readonly origins: readonly string[]
}

/** Reads the traits of whatever was thrown or caught. Never throws. */
export function traitsOf(caught: unknown): ErrorTraits {
  const thrown = readThrown(caught)
  const { code, message } = textsOf(thrown)
  return { name: thrown.name, code, message, origins: originsOf(thrown) }
}

function textsOf({ value, code, message }: ThrownNode): { code: string; message: string } {
  if (isResponse(value)) return { code: String(value.status), message: value.statusText }
  if (code !== undefined && message !== undefined) return { code, message }
  // PyMacaron's Error model: `{ error, error_description, status }`.
  const model = modelOf(value)
  return { code: code ?? model.code, message: message ?? model.message }
}

function modelOf(value: unknown): { readonly code: string; readonly message: string } {
  if (typeof value !== 'object' || value === null) return { code: '', message: '' }
  try {
    const { error, error_description } = value as Record<string, unknown>
    return { code: textOf(error), message: textOf(error_description) }
  } catch {
    // A getter or a Proxy trap threw.
    return { code: '', message: '' }
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
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
