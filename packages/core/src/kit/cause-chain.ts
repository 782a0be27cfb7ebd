import { isObject } from './unknown-value.js'

/** How many causes below a thrown value are followed; also what ends a chain that is a circle. */
export const MAX_CAUSES = 8

/**
 * Asks a thrown object, then each of its causes, until one gives an answer. Never throws: where something cannot be read, the
 * chain ends.
 *
 * @param read undefined goes on to the next cause
 */
export function findInCauses<Found>(
  thrown: unknown,
  read: (error: object) => Found | undefined,
): Found | undefined {
  try {
    let error = thrown
    for (let depth = 0; depth <= MAX_CAUSES && isObject(error); depth++) {
      const found = read(error)
      if (found !== undefined) return found
      error = (error as { readonly cause?: unknown }).cause
    }
  } catch {
    // A getter or a Proxy trap threw.
  }
  return undefined
}
