import { shortened } from './cut-text.js'

/** Longer names are not compared: nobody mistypes them, and comparing takes time. */
const MAX_NAME_CHARS = 64

/**
 * The known name that a mistyped one most likely means; undefined where none is near. Case, `_` and `-` do not count
 * (`status_code` is `statusCode`), nor does a missing end (`desc` is `description`) or beginning (`format` is `errorFormat`). Otherwise up to a third of its
 * characters may be wrong, missing, added or swapped with their neighbour. Of two that are equally near, the first one is taken.
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

/** The end of a message about an unknown name: `; did you mean "details"?`, or nothing where no known name is near. */
export function nearestHint(given: string, known: Iterable<string>): string {
  const nearest = nearestName(given, known)
  return nearest === undefined ? '' : `; did you mean "${nearest}"?`
}

function bare(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase()
}

/** Characters of a name without its beginning; shorter ones, such as units, are the end of many names. */
const MIN_END_CHARS = 4

/** The edit distance between two names; 1 where the given name is the beginning or the end of the other. */
function stepsBetween(given: string, name: string): number {
  if (given.length >= 3 && name.startsWith(given)) return given === name ? 0 : 1
  if (given.length >= MIN_END_CHARS && name.endsWith(given)) return 1
  const steps = editDistance(given, name)
  // Within the limit, every character of a short name may be wrong: that is another name.
  return steps < Math.max(given.length, name.length) ? steps : Number.POSITIVE_INFINITY
}

/** The least number of characters to add, remove, change, or swap with the next one, to get from one text to the other. */
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
 * Describes the unknown fields of an object for a message, the first of them with the nearest known name:
 * `unknown field "detials"; did you mean "details"?`. Undefined where all are known; a field whose value is undefined does not count.
 *
 * @param at prefix of the names, for an object within another one: `description.`
 */
export function unknownFieldsOf(
  given: object,
  known: readonly string[],
  at = '',
): string | undefined {
  let first: string | undefined
  let others = 0
  // Makes no list: nearly always every field is known.
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
