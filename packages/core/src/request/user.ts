import type { FastifyRequest } from 'fastify'
import type { CallbackFailures } from '../kit/callback-failures.js'
import { isObject, show } from '../kit/unknown-value.js'

/** Finds who makes a request; null or undefined when nobody is known. */
export type UserResolver = (request: FastifyRequest) => string | number | null | undefined

/** Finds who makes a request; null when nobody is known. Never throws. */
export type UserFinder = (request: FastifyRequest) => string | number | null

/** The `user` that authentication plugins put on a request: a string, or an object with an `id` or a `sub`. */
export function defaultUser(request: FastifyRequest): string | number | undefined {
  const { user } = request as { user?: unknown }
  if (isName(user)) return user
  if (!isObject(user)) return undefined
  const { id, sub } = user as { id?: unknown; sub?: unknown }
  if (isName(id)) return id
  return isName(sub) ? sub : undefined
}

function isName(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}

/** Wraps the `user` option: one that throws finds nobody, is logged and counted. */
export function userFinder(resolve: UserResolver, failures: CallbackFailures<'user'>): UserFinder {
  return (request) => {
    const find = (): string | number | null => checkUser(resolve(request) ?? null)
    return failures.guard('user', find, null, request.log, 'the user counts as unknown')
  }
}

function checkUser(user: unknown): string | number | null {
  // A promise is refused by the guard, with its own words.
  if (user === null || isName(user) || user instanceof Promise)
    return user as string | number | null
  throw new TypeError(`it returned ${show(user)}, neither a string nor a number`)
}
