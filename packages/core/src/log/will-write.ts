import type { FastifyBaseLogger } from 'fastify'

/** Whether the source of a function is known to be an empty body, by function. */
const empties = new WeakMap<object, boolean>()

const EMPTY_BODY = /^(?:function\b)?\s*\w*\s*\([\w\s,]*\)\s*(?:=>)?\s*\{\s*\}$/

/**
 * Whether a line of a level would be written: describing an error for one that is not costs more than the answer.
 *
 * Fastify's logger for `logger: false` cannot be asked, but its methods are empty functions, as those of pino are below
 * its level; a function with an empty body writes nothing, whoever made it.
 */
export function willWrite(log: FastifyBaseLogger, level: 'info' | 'error'): boolean {
  const { isLevelEnabled: ask } = log as { isLevelEnabled?: unknown }
  if (typeof ask === 'function') return ask.call(log, level) === true
  return !isEmpty(log[level])
}

function isEmpty(method: object): boolean {
  let known = empties.get(method)
  if (known === undefined) {
    known = EMPTY_BODY.test(Function.prototype.toString.call(method))
    empties.set(method, known)
  }
  return known
}
