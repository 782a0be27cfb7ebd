import type { FastifyRequest } from 'fastify'
import type { ReporterCallbackFailures } from '../callbacks.js'
import { isInstanceOf } from '../groups/error-traits.js'
import type { IgnoreOptions } from '../options.js'

/** Says whether a failure is none of the reporter's business. */
export type IgnoreTest = (
  thrown: unknown,
  names: readonly string[],
  request: FastifyRequest,
) => boolean

/** Makes the test; `names` are the ids and codes that a failure goes by. A predicate that throws ignores nothing. */
export function createIgnoreTest(
  options: IgnoreOptions,
  failures: ReporterCallbackFailures,
): IgnoreTest {
  const { classes = [], when } = options
  const ids = new Set(options.ids)
  return (thrown, names, request) => {
    if (ids.size > 0 && names.some((name) => ids.has(name))) return true
    if (classes.some((ignored) => isInstanceOf(thrown, ignored))) return true
    if (when === undefined) return false
    const call = (): boolean => when(thrown, request) === true
    return failures.guard('ignore', call, false, request.log, 'the error is reported')
  }
}
