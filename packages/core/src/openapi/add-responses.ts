import type { Schema } from './api-document.js'
import { componentName } from './components.js'
import { type ErrorBodies, responseOf } from './response.js'
import type { DocumentedError } from './route-responses.js'

/** The responses of an operation with those for its errors; what the application has written itself stays, and nothing is added to it. */
export function withErrorResponses(
  written: Readonly<Record<string, unknown>>,
  errors: ReadonlyMap<number, readonly DocumentedError[]>,
  bodies: ErrorBodies,
  url: string,
): Readonly<Record<string, unknown>> {
  const names = new Set(Object.keys(written).map((status) => status.toUpperCase()))
  const isWritten = (status: number): boolean =>
    names.has('DEFAULT') || names.has(String(status)) || names.has(`${String(status)[0]}XX`)
  const added = [...errors]
    .filter(([status]) => !isWritten(status))
    .map(([status, ofStatus]) => [String(status), makeResponse(ofStatus, bodies, url)])
  return { ...written, ...Object.fromEntries(added) }
}

/** What no route has declared is the same for many of them: these share one response. */
function makeResponse(
  errors: readonly DocumentedError[],
  bodies: ErrorBodies,
  url: string,
): Schema {
  if (errors.some(({ isDeclared }) => isDeclared)) return responseOf(errors, bodies, url)
  const [first] = errors
  const name = componentName(first?.id ?? '', first?.isValidation ? 'Validation' : '')
  return { $ref: bodies.components.response(name, responseOf(errors, bodies, '/')) }
}
