import type { UserFinder } from './audit/audit-trail.js'
import type { CallbackFailures } from './callback-failures.js'
import type { UserResolver } from './options.js'
import { refusePromise } from './refuse-promise.js'
import { show } from './show.js'

/** Wraps the `user` option: one that throws finds nobody, is logged and counted. */
export function userFinder(resolve: UserResolver, failures: CallbackFailures): UserFinder {
  return (request) => {
    try {
      const user = refusePromise(resolve(request)) ?? null
      if (user === null || typeof user === 'string' || typeof user === 'number') return user
      throw new TypeError(`it returned ${show(user)}, neither a string nor a number`)
    } catch (error) {
      failures.note('user', error, request.log, 'the user counts as unknown')
      return null
    }
  }
}
