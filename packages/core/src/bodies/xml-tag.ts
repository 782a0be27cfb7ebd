import { endOf } from '../json/json-text.js'

/** The parts of a start tag. */
export interface XmlTag {
  readonly name: string
  readonly attributes: readonly XmlAttribute[]
  readonly isSelfClosing: boolean
  /** The index after its `>`. */
  readonly end: number
}

/** An attribute, and the position of its value without the quotes. */
export interface XmlAttribute {
  readonly name: string
  readonly value: string
  readonly start: number
  readonly end: number
}

/** A tag with more attributes is not read. */
const MAX_ATTRIBUTES = 1_000
const NAME = /[^ \t\r\n/>=<"']*/y
const SPACE = /[ \t\r\n]*/y
/** The characters between attributes. */
const MARKS = /[ \t\r\n/=<"']*/y
const UNQUOTED = /[^ \t\r\n>]*/y
const NO_ATTRIBUTES: readonly XmlAttribute[] = []

/**
 * Parses the start tag whose `<` is at an index; undefined when it has no end or too many attributes. Reads each character
 * once.
 */
export function readXmlTag(text: string, start: number): XmlTag | undefined {
  const nameEnd = endOf(NAME, text, start + 1)
  const name = text.slice(start + 1, nameEnd)
  // Most tags have no attributes.
  if (text.charAt(nameEnd) === '>')
    return { name, attributes: NO_ATTRIBUTES, isSelfClosing: false, end: nameEnd + 1 }
  const attributes: XmlAttribute[] = []
  let at = endOf(MARKS, text, nameEnd)
  while (at < text.length) {
    if (text.charAt(at) === '>')
      return { name, attributes, isSelfClosing: text.charAt(at - 1) === '/', end: at + 1 }
    const attribute = readAttribute(text, at)
    if (attribute === undefined || attributes.length >= MAX_ATTRIBUTES) return undefined
    attributes.push(attribute)
    at = endOf(MARKS, text, attribute.end + (isQuote(text.charAt(attribute.end)) ? 1 : 0))
  }
  return undefined
}

function readAttribute(text: string, start: number): XmlAttribute | undefined {
  const nameEnd = endOf(NAME, text, start)
  const name = text.slice(start, nameEnd)
  const equals = endOf(SPACE, text, nameEnd)
  if (text.charAt(equals) !== '=') return { name, value: '', start: nameEnd, end: nameEnd }
  const open = endOf(SPACE, text, equals + 1)
  const quote = text.charAt(open)
  if (!isQuote(quote)) {
    // HTML allows a value without quotes.
    const end = endOf(UNQUOTED, text, open)
    return { name, value: text.slice(open, end), start: open, end }
  }
  const close = text.indexOf(quote, open + 1)
  if (close === -1) return undefined
  return { name, value: text.slice(open + 1, close), start: open + 1, end: close }
}

function isQuote(char: string): boolean {
  return char === '"' || char === "'"
}

const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi
const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** Replaces character references and the five predefined entities of XML by their characters. */
export function decodeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED.get(name.toLowerCase()) ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** Escapes a text for XML, also within an attribute. */
export function encodeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
