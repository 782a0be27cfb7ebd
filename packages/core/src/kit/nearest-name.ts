import { shortened } from './cut-text.js'

/** Longer names are not compared: nobody mistypes them, and comparing takes time. */
const MAX_NAME_CHARS = 64

/**
 * The known name that a mistyped one most likely stands for; undefined where none is near. Case, `_` and `-` do not count
 * (`status_code` is `statusCode`); nor does an ending that was left out (`desc` is `description`). Else up to a third of its
 * characters may be wrong, missing, too many or swapped with their neighbour. Of two that are as near the first one wins.
 */
export function nearestName(given: string, known: Iterable<string>): string | undefined {
  if (given.length > MAX_NAME_CHARS) return undefined
  const wanted = bare(given)
  let nearest: string | undefined
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const name of known) {
    const steps = stepsBetween(wanted, bare(name))
    if (steps >= least) continue
    nearest = name
    least = steps
  }
  return nearest
}

/** What a message about an unknown name ends with: `; did you mean "details"?`, or nothing where no known name is near. */
export function nearestHint(given: string, known: Iterable<string>): string {
  const nearest = nearestName(given, known)
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`
}

function bare(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase()
}

/** How many steps lead from one name to the other; one, where the given name is the beginning of it. */
function stepsBetween(given: string, name: string): number {
  if (given.length >= 3 && name.startsWith(given)) return given === name ? 0 : 1
  const steps = editDistance(given, name)
  // All of a short name may be wrong within the bound, and then nothing of it is left to know it by.
  return steps < Math.max(given.length, name.length) ? steps : Number.POSITIVE_INFINITY
}

/** The least number of characters to put in, take out, change, or swap with the next one. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const isSame = from[i - 1] === to[j - 1]
      const changed = at(last, j - 1) + (isSame ? 0 : 1)
      let least = Math.min(changed, at(last, j) + 1, at(row, j - 1) + 1)
      const isSwapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      if (i > 1 && j > 1 && isSwapped) least = Math.min(least, at(beforeLast, j - 2) + 1)
      row.push(least)
    }
    beforeLast = last
    last = row
  }
  return at(last, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] as number
}

/** Characters of an unknown name that a message shows; the name may come from a client. */
const MAX_SHOWN_CHARS = 60

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
  return `unknown field "${at}${shortened(first, MAX_SHOWN_CHARS)}"${more}${nearestHint(first, known)}`
}

function isOwnField(given: object, name: string): boolean {
  return Object.hasOwn(given, name) && (given as Record<string, unknown>)[name] !== undefined
}
