import type { Span } from './shape-scan.js'
import type { TextScanner } from './text-scanner.js'

const NAME = /[\w:.-]{0,64}/y
// Elements within the one that holds the secret, whose end tags come before its own.
const MAX_INNER = 16

/**
 * What stands in an element whose name is that of a secret, `<password>x</password>`, after the `<` at an index. An element
 * without an end tag holds nothing: `Promise<Token>` and `<password> is missing` are text.
 */
export function elementSpan(scan: TextScanner, open: number): Span | undefined {
  const { text } = scan
  const nameEnd = scan.endOf(NAME, open + 1)
  const name = text.slice(open + 1, nameEnd)
  if (!scan.isSensitive(name)) return undefined
  const close = scan.next('>', nameEnd)
  if (close > scan.next('<', nameEnd) || text.charAt(close - 1) === '/') return undefined
  const end = endTag(scan, name, close + 1)
  return end === undefined ? undefined : { start: close + 1, end }
}

/** Where the end tag of a name stands, from an index on. */
function endTag(scan: TextScanner, name: string, from: number): number | undefined {
  scan.endTags ??= endTagsIn(scan)
  const { endTags, text } = scan
  // They are in order.
  let low = 0
  for (let high = endTags.length; low < high; ) {
    const middle = (low + high) >> 1
    if ((endTags[middle] ?? 0) < from) low = middle + 1
    else high = middle
  }
  const last = Math.min(low + MAX_INNER, endTags.length)
  for (; low < last; low += 1) {
    const at = endTags[low] as number
    if (text.startsWith(name, at + 2) && !/[\w:.-]/.test(text.charAt(at + 2 + name.length)))
      return at
  }
  return undefined
}

function endTagsIn(scan: TextScanner): readonly number[] {
  scan.charge(scan.text.length)
  const found: number[] = []
  for (let at = scan.text.indexOf('</'); at !== -1; at = scan.text.indexOf('</', at + 2))
    found.push(at)
  return found
}
