/** Where a file says that its source map is. */
export type MapPlace =
  | { readonly kind: 'inline'; readonly json: string }
  | { readonly kind: 'file'; readonly url: string }

const COMMENT = 'sourceMappingURL='

/**
 * Where the last comment of a file says that its source map is; undefined without one.
 *
 * Source: https://tc39.es/ecma426/#sec-linking-generated-code
 */
export function mapPlaceOf(text: string, maxChars: number): MapPlace | undefined {
  for (let at = text.lastIndexOf(COMMENT); at >= 0; at = text.lastIndexOf(COMMENT, at - 1)) {
    const lineStart = text.lastIndexOf('\n', at) + 1
    // The same words in a string, or at the end of a line of code.
    if (at - lineStart < 64 && /^\s*\/[/*][#@][ \t]*$/.test(text.slice(lineStart, at))) {
      return placeOf(urlAt(text, at + COMMENT.length), maxChars)
    }
    if (at === 0) break
  }
  return undefined
}

function urlAt(text: string, start: number): string {
  const newline = text.indexOf('\n', start)
  return text.slice(start, newline < 0 ? text.length : newline).replace(/\s*(?:\*\/)?\s*$/, '')
}

function placeOf(url: string, maxChars: number): MapPlace | undefined {
  if (!/^data:/i.test(url)) return { kind: 'file', url }
  const comma = url.indexOf(',')
  if (comma < 0 || comma > 200 || url.length > maxChars * 2) return undefined
  const body = url.slice(comma + 1)
  const isBase64 = /;base64$/i.test(url.slice(0, comma))
  return {
    kind: 'inline',
    json: isBase64 ? Buffer.from(body, 'base64').toString('utf8') : decodeURIComponent(body),
  }
}
