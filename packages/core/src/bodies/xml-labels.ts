import { decodeXml } from './xml-entities.js'
import type { XmlNames } from './xml-names.js'
import type { XmlTag } from './xml-tag.js'

/** Knows values of XML by the names that stand beside them. */
export class XmlLabels {
  readonly #names: XmlNames
  /** The name of the label element that is open. */
  #open: string | undefined
  /** Whether the next element is hidden, whatever it is called. */
  #isNextHidden = false

  constructor(names: XmlNames) {
    this.#names = names
  }

  /** Whether a name beside it says that an element that starts now is secret. */
  hides({ attributes }: XmlTag): boolean {
    const isHidden =
      this.#isNextHidden ||
      attributes.some(
        ({ name, value }) => this.#names.of(name).isLabelAttribute && this.#isSecret(value),
      )
    this.#isNextHidden = false
    return isHidden
  }

  /** An element starts that is not hidden. */
  start(name: string): void {
    if (this.#names.of(name).isLabelElement) this.#open = name
  }

  content(text: string): void {
    if (this.#open !== undefined) this.#isNextHidden ||= this.#isSecret(text)
  }

  end(name: string): void {
    if (name === this.#open) this.#open = undefined
    // The parent of a label ended without a value.
    else if (this.#open === undefined) this.#isNextHidden = false
  }

  #isSecret(label: string): boolean {
    return this.#names.of(decodeXml(label).trim()).isSensitive
  }
}
