/** A start tag, taken apart. */
export interface XmlTag {
  readonly name: string
  readonly attributes: readonly XmlAttribute[]
  readonly isSelfClosing: boolean
  /** The index behind its `>`. */
  readonly end: number
}

/** An attribute and where its value stands, without the quotes. */
export interface XmlAttribute {
  readonly name: string
  readonly value: string
  readonly start: number
  readonly end: number
}

const NAME_END = new Set([...' \t\r\n/>=<"\''])
const SPACES = new Set([...' \t\r\n'])

/** Reads the start tag whose `<` is at an index; undefined when it does not end. Each character is looked at once. */
export function readXmlTag(text: string, start: number): XmlTag | undefined {
  let at = endOfName(text, start + 1)
  const name = text.slice(start + 1, at)
  const attributes: XmlAttribute[] = []
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '>')
      return { name, attributes, isSelfClosing: text.charAt(at - 1) === '/', end: at + 1 }
    if (SPACES.has(char) || NAME_END.has(char)) {
      at += 1
      continue
    }
    const nameEnd = endOfName(text, at)
    const attribute = readValue(text, text.slice(at, nameEnd), nameEnd)
    if (attribute === undefined) return undefined
    attributes.push(attribute)
    at = attribute.end + (isQuote(text.charAt(attribute.end)) ? 1 : 0)
  }
  return undefined
}

function readValue(text: string, name: string, nameEnd: number): XmlAttribute | undefined {
  const equals = skipSpaces(text, nameEnd)
  if (text.charAt(equals) !== '=') return { name, value: '', start: nameEnd, end: nameEnd }
  const open = skipSpaces(text, equals + 1)
  const quote = text.charAt(open)
  if (!isQuote(quote)) {
    // HTML allows a value without quotes.
    let end = open
    while (end < text.length && !SPACES.has(text.charAt(end)) && text.charAt(end) !== '>') end += 1
    return { name, value: text.slice(open, end), start: open, end }
  }
  const close = text.indexOf(quote, open + 1)
  if (close === -1) return undefined
  return { name, value: text.slice(open + 1, close), start: open + 1, end: close }
}

function endOfName(text: string, start: number): number {
  let at = start
  while (at < text.length && !NAME_END.has(text.charAt(at))) at += 1
  return at
}

function skipSpaces(text: string, start: number): number {
  let at = start
  while (at < text.length && SPACES.has(text.charAt(at))) at += 1
  return at
}

function isQuote(char: string): boolean {
  return char === '"' || char === "'"
}
