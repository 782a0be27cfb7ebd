import type { UserFinder } from '../audit/audit-trail.js'
import type { CallbackFailures } from '../kit/callback-failures.js'
import { show } from '../kit/unknown-value.js'
import type { UserResolver } from '../options.js'

/** Wraps the `user` option: one that throws finds nobody, is logged and counted. */
export function userFinder(resolve: UserResolver, failures: CallbackFailures<'user'>): UserFinder {
  return (request) => {
    const find = (): string | number | null => checkUser(resolve(request) ?? null)
    return failures.guard('user', find, null, request.log, 'the user counts as unknown')
  }
}

function checkUser(user: unknown): string | number | null {
  // A promise is refused by the guard, with its own words.
  const isUser = user === null || typeof user === 'string' || typeof user === 'number'
  if (isUser || user instanceof Promise) return user as string | number | null
  throw new TypeError(`it returned ${show(user)}, neither a string nor a number`)
}
