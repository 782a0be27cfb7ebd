import { inspect } from 'node:util'
import { shortened } from './cut-text.js'

/** Shows any value in an error message, in 80 characters at most. Never throws. */
export function show(value: unknown): string {
  if (typeof value === 'function')
    return value.name === '' ? 'a function' : `function ${value.name}`
  try {
    const text = inspect(value, {
      depth: 0,
      breakLength: Number.POSITIVE_INFINITY,
      maxStringLength: 60,
    })
    return shortened(text, 80)
  } catch {
    return `a value that cannot be shown (${typeof value})`
  }
}

/** As `show`, for what should have been a URL: a text is only described, since a URL, its user, path or query may be a secret. */
export function showUrl(value: unknown): string {
  if (typeof value !== 'string' || value === '') return show(value)
  if (!URL.canParse(value)) return `a text of ${value.length} characters that is no URL`
  const { protocol, username, password, pathname, search } = new URL(value)
  if (protocol !== 'http:' && protocol !== 'https:') return `a URL that begins with ${protocol}`
  const parts = [
    `${username}${password}` === '' ? [] : ['a user'],
    pathname === '/' ? [] : ['a path'],
    search === '' ? [] : ['a query'],
  ].flat()
  if (parts.length === 0) return `a URL that begins with ${protocol}`
  return `a URL with ${parts.join(', ').replace(/, (?=[^,]*$)/, ' and ')}`
}

/** Whether a value is an object, a function not included. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Whether a value is a promise, of whichever library. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isObject(value) && typeof (value as { readonly then?: unknown }).then === 'function'
}

/**
 * Returns the result of a callback that has to be synchronous. A promise is refused, and its rejection becomes the refusal's
 * cause: unhandled it would end the process.
 *
 * @throws TypeError for a promise
 */
export function refusePromise(result: unknown): unknown {
  if (!(result instanceof Promise)) return result
  const error = new TypeError('it returned a promise, and has to be synchronous')
  result.catch((reason: unknown) => {
    error.cause ??= reason
  })
  throw error
}
