/** Where a match of a sticky pattern that begins at an index ends; the index itself where there is none. */
export function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  pattern.test(text)
  return Math.max(pattern.lastIndex, from)
}
