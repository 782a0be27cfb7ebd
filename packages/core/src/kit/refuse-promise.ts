/**
 * Returns the result of a callback that has to be synchronous. A promise is refused, and its rejection taken: left
 * alone it would end the process.
 *
 * @throws TypeError for a promise
 */
export function refusePromise(result: unknown): unknown {
  if (!(result instanceof Promise)) return result
  const error = new TypeError('it returned a promise, which nobody waits for')
  result.catch((reason: unknown) => {
    error.cause ??= reason
  })
  throw error
}
