import { shortened } from '../cut-text.js'
import { nearestHint } from './nearest-name.js'

/** Characters of an unknown name that a message shows; the name may be a stranger's. */
const MAX_NAME_CHARS = 60

/**
 * Says which fields of an object are unknown, the first of them with the nearest known name, for a message:
 * `unknown field "detials"; did you mean "details"?`. Undefined where all are known; one whose value is undefined is none.
 *
 * @param at what stands before the name, for an object within another one: `description.`
 */
export function unknownFieldsOf(
  given: object,
  known: readonly string[],
  at = '',
): string | undefined {
  let first: string | undefined
  let others = 0
  // No list is made where every field is known, which is nearly always.
  for (const name in given) {
    if (known.includes(name) || !isOwnField(given, name)) continue
    if (first === undefined) first = name
    else others++
  }
  if (first === undefined) return undefined
  const more = others === 0 ? '' : ` and ${others} more`
  return `unknown field "${at}${shortened(first, MAX_NAME_CHARS)}"${more}${nearestHint(first, known)}`
}

function isOwnField(given: object, name: string): boolean {
  return Object.hasOwn(given, name) && (given as Record<string, unknown>)[name] !== undefined
}
