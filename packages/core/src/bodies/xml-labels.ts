import type { Redactor } from '../redact/redactor.js'
import { decodeXml } from './xml-entities.js'
import type { XmlTag } from './xml-tag.js'

/** Attributes by which an element says what its value is: `<param name="password" value="x"/>`. */
const ATTRIBUTES = new Set(['name', 'key', 'id', 'type'])
/** Elements whose text says what the next one holds: `<name>password</name><value>x</value>`. */
const ELEMENTS = new Set(['name', 'key'])

/** Whether an attribute says what its element's value is. */
export function isLabelAttribute(name: string): boolean {
  return ATTRIBUTES.has(localName(name))
}

/** Knows values of XML by the names that stand beside them. */
export class XmlLabels {
  readonly #redactor: Redactor
  /** The name of the label element that is open. */
  #open: string | undefined
  /** Whether the next element is hidden, whatever it is called. */
  #isNextHidden = false

  constructor(redactor: Redactor) {
    this.#redactor = redactor
  }

  /** Whether a name beside it says that an element that starts now is secret. */
  hides({ attributes }: XmlTag): boolean {
    const isHidden =
      this.#isNextHidden ||
      attributes.some(({ name, value }) => isLabelAttribute(name) && this.#isSecret(value))
    this.#isNextHidden = false
    return isHidden
  }

  /** An element starts that is not hidden. */
  start(name: string): void {
    if (ELEMENTS.has(localName(name))) this.#open = name
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
    const name = decodeXml(label).trim()
    return name !== '' && this.#redactor.isSensitiveKey(name)
  }
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1).toLowerCase()
}
