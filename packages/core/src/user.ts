import type { UserFinder } from './audit/audit-trail.js'
import type { CallbackFailures } from './callback-failures.js'
import { describeThrown } from './describe-thrown.js'
import type { UserResolver } from './options.js'
import type { Redactor } from './redact/redactor.js'

/** Wraps the `user` option: one that throws finds nobody, is logged and counted. */
export function userFinder(
  resolve: UserResolver,
  failures: CallbackFailures,
  redactor: Redactor,
): UserFinder {
  return (request) => {
    try {
      return resolve(request) ?? null
    } catch (error) {
      failures.user++
      const err = describeThrown(error, redactor)
      request.log.error({ err }, 'the option user failed; the audit event names nobody')
      return null
    }
  }
}
