import { endOf, stringEnd } from '../json/json-text.js'

/** An object or a list that is still open. */
interface Frame {
  readonly closer: '}' | ']'
  /** Where the text is cut to leave out this object or list. */
  readonly safeBefore: number
  isKeyNext: boolean
  isNameNext: boolean
  /** Whether it has a `name`, which decides whether its `value` is secret. */
  hasName: boolean
  hasValue: boolean
}

const MAX_DEPTH = 200
/** A number, `true`, `false` or `null`. */
const WORD = /[^,:[\]{}" \t\r\n]+/y
const SPACE = /[: \t\r\n]+/y

/** The beginning of a JSON document with all brackets closed, so that it is a JSON document. */
export interface CutJson {
  readonly text: string
  /** Whether the document has more values than `maxValues`, or more than 200 levels. */
  readonly isOver: boolean
}

/**
 * Makes a JSON document of the beginning of one: everything up to the last complete value, at most `maxValues` values (the end of
 * an object or a list counts as a value too). Undefined when no value is complete. Malformed text stays malformed. Reads
 * the text once.
 */
export function cutJson(text: string, maxValues: number): CutJson | undefined {
  return new CutScan(text, maxValues).run()
}

/** Finds the end of the last complete value. Each bracket ends a value, so the frames are always those around that end. */
class CutScan {
  readonly #text: string
  readonly #maxValues: number
  readonly #frames: Frame[] = []
  #values = 0
  #safe = -1
  #isTooDeep = false

  constructor(text: string, maxValues: number) {
    this.#text = text
    this.#maxValues = maxValues
  }

  /** The text up to the last complete value, with closing brackets. */
  run(): CutJson | undefined {
    let at = 0
    while (at !== -1 && at < this.#text.length && this.#values < this.#maxValues)
      at = this.#step(at)
    // In `{ value, name }` the name decides whether the value is secret. Without the name the object is left out.
    const doubtful = this.#frames.findIndex((frame) => frame.hasValue && !frame.hasName)
    const frames = doubtful === -1 ? this.#frames : this.#frames.slice(0, doubtful)
    const end = doubtful === -1 ? this.#safe : (this.#frames[doubtful]?.safeBefore ?? -1)
    if (end === -1) return undefined
    const closers = frames.map(({ closer }) => closer).reverse()
    return {
      text: this.#text.slice(0, end) + closers.join(''),
      isOver: this.#isTooDeep || (at !== -1 && at < this.#text.length),
    }
  }

  /** Reads the token at an index. Returns its end, or -1 when the text is cut within it. */
  #step(at: number): number {
    const char = this.#text.charAt(at)
    switch (char) {
      case '{':
      case '[':
        if (this.#frames.length >= MAX_DEPTH) {
          this.#isTooDeep = true
          return -1
        }
        this.#frames.push(frameOf(char, this.#safe))
        return this.#mark(at + 1)
      case '}':
      case ']':
        return this.#frames.pop() === undefined ? -1 : this.#mark(at + 1)
      case '"':
        return this.#string(at)
      case ',': {
        const frame = this.#frames.at(-1)
        if (frame?.closer === '}') frame.isKeyNext = true
        return at + 1
      }
      default: {
        const end = endOf(SPACE, this.#text, at)
        return end > at ? end : this.#word(at)
      }
    }
  }

  #string(at: number): number {
    const end = stringEnd(this.#text, at)
    if (end === -1) return -1
    const frame = this.#frames.at(-1)
    if (frame?.isKeyNext !== true) {
      if (frame?.isNameNext === true) frame.hasName = true
      return this.#mark(end)
    }
    noteKey(frame, this.#text.slice(at, end))
    return end
  }

  #word(at: number): number {
    const end = Math.max(endOf(WORD, this.#text, at), at + 1)
    // A number at the end of the text may be incomplete.
    return end === this.#text.length ? -1 : this.#mark(end)
  }

  #mark(end: number): number {
    this.#values += 1
    this.#safe = end
    return end
  }
}

function frameOf(opener: '{' | '[', safeBefore: number): Frame {
  const isObject = opener === '{'
  return {
    closer: isObject ? '}' : ']',
    safeBefore,
    isKeyNext: isObject,
    isNameNext: false,
    hasName: false,
    hasValue: false,
  }
}

function noteKey(frame: Frame, quoted: string): void {
  frame.isKeyNext = false
  const key = quoted.includes('\\') ? unescaped(quoted) : quoted.slice(1, -1)
  frame.isNameNext = key.toLowerCase() === 'name'
  if (key.toLowerCase() === 'value') frame.hasValue = true
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    // Malformed, so the whole text will not be parsed either.
    return ''
  }
}
