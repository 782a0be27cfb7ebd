import { isJson } from '../json-check.js'
import type { Redactor } from '../redact/redactor.js'
import type { WorkBudget } from '../redact/work-budget.js'
import type { DescribedBody } from './body.js'
import { cutJson } from './cut-json.js'
import { redactDocument } from './redact-parsed.js'

/** Values of one document that are read; as many as are redacted. */
const MAX_VALUES = 10_000
/** A shorter text has hardly more values, and counting them would take longer than reading them. */
const COUNTED_CHARS = 65_536
/** Characters that JSON.parse reads for one unit of work. */
const PARSED = 16
/** What a document costs besides its length and its values. */
const DOCUMENT_UNITS = 10
/** What an exception of JSON.parse costs: about 3 us. */
const FAILURE_UNITS = 30

/**
 * Reads and redacts the JSON of one body. JSON.parse tells what is malformed by an exception, which takes longer than most
 * lines do to be read; so after the first one each text is looked at before.
 */
export class JsonReader {
  readonly #redactor: Redactor
  readonly #budget: WorkBudget
  #hasFailed = false

  constructor(redactor: Redactor, budget: WorkBudget) {
    this.#redactor = redactor
    this.#budget = budget
  }

  /** The redacted document of a text, or of its beginning; undefined for what is malformed. */
  read(text: string, isWhole: boolean): DescribedBody | undefined {
    if (isWhole && text.length <= COUNTED_CHARS) return this.#document(text, false)
    const cut = cutJson(text, MAX_VALUES)
    if (isWhole && cut?.isOver !== true) return this.#document(text, false)
    return cut === undefined ? undefined : this.#document(cut.text, cut.isOver)
  }

  #document(text: string, isTruncated: boolean): DescribedBody | undefined {
    this.#budget.spend(DOCUMENT_UNITS + text.length / PARSED)
    if (this.#hasFailed && !isJson(text)) return undefined
    try {
      const document: unknown = JSON.parse(text)
      return { value: redactDocument(document, text, this.#redactor, this.#budget), isTruncated }
    } catch {
      this.#hasFailed = true
      this.#budget.spend(FAILURE_UNITS)
      return undefined
    }
  }
}
