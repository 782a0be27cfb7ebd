import type { Redactor } from '../redact/redactor.js'
import type { WorkBudget } from '../redact/work-budget.js'
import { decodeXml, type XmlTag } from './xml-tag.js'

/** What the name of an element or an attribute says about its value. */
export interface XmlName {
  /** Whether it names a secret. */
  readonly isSensitive: boolean
  /** Whether the text of such an element names the value of the next element: `<name>password</name><value>x</value>`. */
  readonly isLabelElement: boolean
  /** Whether such an attribute names the value of its element: `<param name="password" value="x"/>`. */
  readonly isLabelAttribute: boolean
}

const LABEL_ATTRIBUTES = new Set(['name', 'key', 'id', 'type'])
const LABEL_ELEMENTS = new Set(['name', 'key'])
/** Number of cached names; a document has some dozens. */
const MAX_NAMES = 1_000
/** Units of work for a new name, and for each of its characters. */
const NAME_UNITS = 20
const NAME_CHAR_UNITS = 4

/** Classifies the names of a document, each of them once. */
export class XmlNames {
  readonly #redactor: Redactor
  readonly #budget: WorkBudget
  readonly #names = new Map<string, XmlName>()

  constructor(redactor: Redactor, budget: WorkBudget) {
    this.#redactor = redactor
    this.#budget = budget
  }

  of(name: string): XmlName {
    let known = this.#names.get(name)
    if (known === undefined) {
      known = this.#look(name)
      if (this.#names.size >= MAX_NAMES) this.#names.clear()
      this.#names.set(name, known)
    }
    return known
  }

  #look(name: string): XmlName {
    this.#budget.spend(NAME_UNITS + name.length * NAME_CHAR_UNITS)
    const local = name.slice(name.lastIndexOf(':') + 1).toLowerCase()
    return {
      isSensitive: name !== '' && this.#redactor.isSensitiveKey(name),
      isLabelElement: LABEL_ELEMENTS.has(local),
      isLabelAttribute: LABEL_ATTRIBUTES.has(local),
    }
  }
}

/** Finds values of XML whose name is the text of another element or attribute. */
export class XmlLabels {
  readonly #names: XmlNames
  /** The name of the label element that is open. */
  #open: string | undefined
  /** Whether the next element is hidden, whatever its own name is. */
  #isNextHidden = false

  constructor(names: XmlNames) {
    this.#names = names
  }

  /** Whether the element that starts with this tag is hidden, by a label before it or among its attributes. */
  hides({ attributes }: XmlTag): boolean {
    const isHidden =
      this.#isNextHidden ||
      attributes.some(
        ({ name, value }) => this.#names.of(name).isLabelAttribute && this.#isSecret(value),
      )
    this.#isNextHidden = false
    return isHidden
  }

  /** Call this for the start of an element that is not hidden. */
  start(name: string): void {
    if (this.#names.of(name).isLabelElement) this.#open = name
  }

  content(text: string): void {
    if (this.#open !== undefined) this.#isNextHidden ||= this.#isSecret(text)
  }

  end(name: string): void {
    if (name === this.#open) this.#open = undefined
    // The parent of the label has ended, and there was no value.
    else if (this.#open === undefined) this.#isNextHidden = false
  }

  #isSecret(label: string): boolean {
    return this.#names.of(decodeXml(label).trim()).isSensitive
  }
}
