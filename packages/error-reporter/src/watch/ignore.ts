import type { FastifyRequest } from 'fastify'
import type { IgnoreOptions, ReporterCallbackFailures } from '../options.js'

/** Whether a failure is not to be reported. */
export type IgnoreTest = (
  thrown: unknown,
  names: readonly string[],
  request: FastifyRequest,
) => boolean

/** Makes the test; `names` are the ids and codes of a failure. A predicate that throws ignores nothing. */
export function createIgnoreTest(
  options: IgnoreOptions,
  failures: ReporterCallbackFailures,
): IgnoreTest {
  const { classes = [], when } = options
  const ids = new Set(options.ids)
  return (thrown, names, request) => {
    if (ids.size > 0 && names.some((name) => ids.has(name))) return true
    const ofRoute = request.routeOptions.config?.ignoredErrors
    if (ofRoute !== undefined && names.some((name) => ofRoute.includes(name))) return true
    if (classes.some((ignored) => isInstanceOf(thrown, ignored))) return true
    if (when === undefined) return false
    const call = (): boolean => when(thrown, request) === true
    return failures.guard('ignore', call, false, request.log, 'the error is reported')
  }
}

/** `instanceof` that never throws, whatever the value's traps do. */
function isInstanceOf(
  value: unknown,
  errorClass: abstract new (...args: never[]) => unknown,
): boolean {
  try {
    return value instanceof errorClass
  } catch {
    return false
  }
}
