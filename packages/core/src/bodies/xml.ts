import { splitAtLimit } from '../redact/redact-rules.js'
import type { Redactor } from '../redact/redactor.js'
import { WorkBudget } from '../redact/work-budget.js'
import { leftOut } from './body.js'
import { XmlLabels, XmlNames } from './xml-names.js'
import { decodeXml, encodeXml, readXmlTag, type XmlTag } from './xml-tag.js'

/** Units of work for a piece of markup, in addition to its length. */
const PIECE_UNITS = 6
const ATTRIBUTE_UNITS = 6
/** Characters that are skipped, and characters that are decoded, for one unit of work. */
const PASSED_OVER = 64
const DECODED = 2
/** Longest text or attribute, in bytes. The redactor keeps half of it at most. */
const MAX_PIECE_BYTES = 131_072

/**
 * Redacts XML or HTML; the result is text. Reads it once from left to right. A part without an end is hidden, and the rest is left
 * out when the budget is spent.
 */
export function redactXml(
  text: string,
  redactor: Redactor,
  budget: WorkBudget = new WorkBudget(),
): string {
  return new XmlRedaction(text, redactor, budget).run()
}

class XmlRedaction {
  readonly #text: string
  readonly #redactor: Redactor
  readonly #budget: WorkBudget
  #at = 0
  #out = ''
  /** The element whose content is hidden, and how many elements of that name are open. */
  #hidden: { readonly name: string; depth: number } | undefined
  readonly #names: XmlNames
  readonly #labels: XmlLabels

  constructor(text: string, redactor: Redactor, budget: WorkBudget) {
    this.#text = text
    this.#redactor = redactor
    this.#budget = budget
    this.#names = new XmlNames(redactor, budget)
    this.#labels = new XmlLabels(this.#names)
  }

  run(): string {
    while (this.#at < this.#text.length) {
      const open = this.#text.indexOf('<', this.#at)
      if (!this.#budget.spend(PIECE_UNITS)) {
        this.#out += leftOut(Buffer.byteLength(this.#text.slice(this.#at)))
        break
      }
      this.#content(open === -1 ? this.#text.length : open)
      if (open === -1) break
      this.#markup(open)
    }
    return this.#out
  }

  #content(end: number): void {
    if (end > this.#at && this.#hidden === undefined) {
      const content = this.#text.slice(this.#at, end)
      this.#labels.content(content)
      this.#out += this.#string(content)
    }
    this.#at = end
  }

  #markup(open: number): void {
    switch (this.#text.charAt(open + 1)) {
      case '/':
        this.#endTag(open)
        break
      case '!':
        this.#aside(open)
        break
      case '?':
        if (this.#text.startsWith('<?xml ', open)) this.#keep('?>')
        else this.#skip('?>', '')
        break
      default:
        this.#startTag(open)
    }
  }

  // Comments and declarations may hold anything, and are removed.
  #aside(open: number): void {
    if (this.#text.startsWith('<![CDATA[', open)) this.#cdata(open)
    else if (this.#text.startsWith('<!--', open)) this.#skip('-->', '<!---->')
    else this.#declaration(open)
  }

  #startTag(start: number): void {
    const tag = readXmlTag(this.#text, start)
    if (tag === undefined) {
      this.#giveUp()
      return
    }
    this.#at = tag.end
    this.#budget.spend(tag.attributes.length * ATTRIBUTE_UNITS + (tag.end - start) / PASSED_OVER)
    if (this.#hidden !== undefined) {
      if (tag.name === this.#hidden.name && !tag.isSelfClosing) this.#hidden.depth += 1
      return
    }
    const isHidden = this.#labels.hides(tag) || this.#names.of(tag.name).isSensitive
    this.#out += this.#tagText(start, tag, isHidden)
    if (tag.isSelfClosing) return
    if (isHidden) {
      this.#hidden = { name: tag.name, depth: 1 }
      this.#out += this.#redactor.censor
    } else this.#labels.start(tag.name)
  }

  #tagText(start: number, { attributes, end }: XmlTag, isHidden: boolean): string {
    if (attributes.length === 0) return this.#text.slice(start, end)
    let out = ''
    let done = start
    for (const attribute of attributes) {
      if (attribute.value === '') continue
      const name = this.#names.of(attribute.name)
      const isCensored = (isHidden && !name.isLabelAttribute) || name.isSensitive
      const value = isCensored ? this.#redactor.censor : this.#string(attribute.value)
      out += this.#text.slice(done, attribute.start) + value
      done = attribute.end
    }
    return out + this.#text.slice(done, end)
  }

  #endTag(open: number): void {
    const close = this.#text.indexOf('>', open)
    if (close === -1) {
      this.#giveUp()
      return
    }
    const name = this.#text.slice(open + 2, close).trim()
    this.#at = close + 1
    if (this.#hidden !== undefined) {
      if (name !== this.#hidden.name) return
      this.#hidden.depth -= 1
      if (this.#hidden.depth > 0) return
      this.#hidden = undefined
    }
    this.#labels.end(name)
    this.#out += this.#text.slice(open, this.#at)
  }

  #cdata(open: number): void {
    const close = this.#text.indexOf(']]>', open)
    if (close === -1) {
      this.#giveUp()
      return
    }
    if (this.#hidden === undefined) {
      const content = this.#text.slice(open + 9, close)
      this.#labels.content(content)
      this.#out += `<![CDATA[${this.#string(content)}]]>`
    }
    this.#at = close + 3
  }

  // A document type may declare entities, whose values may be secrets.
  #declaration(open: number): void {
    const close = this.#text.indexOf('>', open)
    const hasSubset = close !== -1 && this.#text.slice(open, close).includes('[')
    this.#skip(hasSubset ? ']>' : '>', hasSubset ? `<!DOCTYPE ${this.#redactor.censor}>` : '')
  }

  #skip(end: string, replacement: string): void {
    const close = this.#text.indexOf(end, this.#at)
    if (close === -1) {
      this.#giveUp()
      return
    }
    if (this.#hidden === undefined) this.#out += replacement
    this.#at = close + end.length
  }

  #keep(end: string): void {
    const close = this.#text.indexOf(end, this.#at)
    if (close === -1) {
      this.#giveUp()
      return
    }
    if (this.#hidden === undefined) this.#out += this.#text.slice(this.#at, close + end.length)
    this.#at = close + end.length
  }

  #giveUp(): void {
    if (this.#hidden === undefined) this.#out += this.#redactor.censor
    this.#at = this.#text.length
  }

  // Redacts the decoded text: `{&quot;password&quot;: ...}` is JSON. Text without a secret keeps its encoding.
  #string(whole: string): string {
    const { kept: text, marker } = splitAtLimit(whole, MAX_PIECE_BYTES)
    const units = text.length / (text.includes('&') ? DECODED : PASSED_OVER)
    if (!this.#budget.spend(units)) return leftOut(Buffer.byteLength(whole))
    const decoded = decodeXml(text)
    const redacted = String(this.#redactor.value(decoded, this.#budget))
    if (redacted === decoded) return text + marker
    return (decoded === text ? redacted : encodeXml(redacted)) + marker
  }
}
