import type { ThrownNode } from '@fastify-scs/core/kit'
import { destinationOf } from './destination.js'
import { normalizeMessage } from './fingerprint.js'

/** Codes that machines give: `ECONNREFUSED`, `ER_DUP_ENTRY`. */
const MACHINE_CODE = /^[A-Z][A-Z0-9_]+$/
/** undici's errors, whose messages name where it wanted to connect to and nothing of the request. */
const UNDICI_CODE = /^UND_ERR_/

const NONE: readonly never[] = []

/**
 * What an error has come from, as far as it tells one outage from another: where a connection has failed to, the errors that
 * it is made of, and those of its causes that a machine has named. Sorted, so that the order of a host's addresses makes no
 * group of its own; empty for a plain error.
 */
export function originsOf(thrown: ThrownNode): readonly string[] {
  const { cause, errors } = thrown
  const destination = destinationOf(thrown)
  if (destination === undefined && cause === undefined && errors.length === 0) return NONE
  const origins = new Set<string>()
  if (destination !== undefined) origins.add(destination)
  collect(thrown, origins)
  return [...origins].sort()
}

function collect({ cause, errors }: ThrownNode, origins: Set<string>): void {
  for (const error of errors) {
    origins.add(originOf(error, true))
    collect(error, origins)
  }
  if (cause === undefined) return
  const { code = '' } = cause
  // What another cause says may differ from request to request.
  if (MACHINE_CODE.test(code)) origins.add(originOf(cause, UNDICI_CODE.test(code)))
  collect(cause, origins)
}

function originOf(error: ThrownNode, isTextTelling: boolean): string {
  const { name, code = '', message = '' } = error
  const text = isTextTelling ? normalizeMessage(message) : ''
  return `${name} ${code} ${destinationOf(error) ?? text}`
}
