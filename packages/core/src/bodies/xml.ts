import type { Redactor } from '../redact/redactor.js'
import { decodeXml, encodeXml } from './xml-entities.js'
import { isLabelAttribute, XmlLabels } from './xml-labels.js'
import { readXmlTag, type XmlTag } from './xml-tag.js'

/** Redacts XML or HTML, which stays text. One pass from left to right; what is not understood to its end is hidden. */
export function redactXml(text: string, redactor: Redactor): string {
  return new XmlRedaction(text, redactor).run()
}

class XmlRedaction {
  readonly #text: string
  readonly #redactor: Redactor
  #at = 0
  #out = ''
  /** The element whose content is hidden, and how many of its name are open. */
  #hidden: { readonly name: string; depth: number } | undefined
  readonly #labels: XmlLabels

  constructor(text: string, redactor: Redactor) {
    this.#text = text
    this.#redactor = redactor
    this.#labels = new XmlLabels(redactor)
  }

  run(): string {
    while (this.#at < this.#text.length) {
      const open = this.#text.indexOf('<', this.#at)
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
    const is = (mark: string): boolean => this.#text.startsWith(mark, open)
    if (is('<![CDATA[')) this.#cdata(open)
    // A comment, a declaration or an instruction may hold anything.
    else if (is('<!--')) this.#skip('-->', '<!---->')
    else if (is('<?xml ')) this.#keep('?>')
    else if (is('<?')) this.#skip('?>', '')
    else if (is('<!')) this.#declaration(open)
    else if (is('</')) this.#endTag(open)
    else this.#startTag(open)
  }

  #startTag(start: number): void {
    const tag = readXmlTag(this.#text, start)
    if (tag === undefined) {
      this.#giveUp()
      return
    }
    this.#at = tag.end
    if (this.#hidden !== undefined) {
      if (tag.name === this.#hidden.name && !tag.isSelfClosing) this.#hidden.depth += 1
      return
    }
    const isHidden = this.#labels.hides(tag) || this.#isSensitive(tag.name)
    this.#out += this.#tagText(start, tag, isHidden)
    if (tag.isSelfClosing) return
    if (isHidden) {
      this.#hidden = { name: tag.name, depth: 1 }
      this.#out += this.#redactor.censor
    } else this.#labels.start(tag.name)
  }

  #tagText(start: number, { attributes, end }: XmlTag, isHidden: boolean): string {
    let out = ''
    let done = start
    for (const attribute of attributes) {
      if (attribute.value === '') continue
      const isCensored =
        (isHidden && !isLabelAttribute(attribute.name)) || this.#isSensitive(attribute.name)
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

  // A document type may declare entities, and those hold what the document then only names.
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

  #isSensitive(name: string): boolean {
    return name !== '' && this.#redactor.isSensitiveKey(name)
  }

  // Redacted by what it stands for: `{&quot;password&quot;: ...}` is JSON. What needs no change stays as it is.
  #string(text: string): string {
    const decoded = decodeXml(text)
    const redacted = String(this.#redactor.value(decoded))
    if (redacted === decoded) return text
    return decoded === text ? redacted : encodeXml(redacted)
  }
}
