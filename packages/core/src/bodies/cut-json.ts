import { stringEnd } from '../json/json-text.js'

/** An object or a list that is open where the text was cut. */
interface Frame {
  readonly closer: '}' | ']'
  /** Where the text would be cut to be rid of it. */
  readonly safeBefore: number
  isKeyNext: boolean
  isNameNext: boolean
  /** Whether it has a `name`, by which its `value` is known to be secret or not. */
  hasName: boolean
  hasValue: boolean
}

const MAX_DEPTH = 200
/** A number, `true`, `false` or `null`. */
const WORD = /[^,:[\]{}" \t\r\n]+/y
const SPACE = /[: \t\r\n]+/y

/** The beginning of a document, closed so that it is a document itself. */
export interface CutJson {
  readonly text: string
  /** Whether there are more values than were asked for, or more levels than are read. */
  readonly isOver: boolean
}

/**
 * The beginning of a JSON document as one of its own: everything up to the last value that is complete, so many values at
 * most (the end of an object or a list counts as one). Undefined when there is none; malformed where the text is. One pass,
 * nothing is read twice.
 */
export function cutJson(text: string, maxValues: number): CutJson | undefined {
  return new CutScan(text, maxValues).run()
}

/** Looks for the end of the last complete value. Each bracket moves it, so the frames are always those around it. */
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

  /** The text up to there, with the brackets that close it. */
  run(): CutJson | undefined {
    let at = 0
    while (at !== -1 && at < this.#text.length && this.#values < this.#maxValues)
      at = this.#step(at)
    // A list of `{ value, name }` hides the value by the name. Where the cut has taken the name, the object goes.
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

  /** Reads what starts at an index; returns where it ends, or -1 where the text is cut within it. */
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
      default:
        return endOf(SPACE, this.#text, at) ?? this.#word(at)
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
    const end = endOf(WORD, this.#text, at) ?? at + 1
    // A number at the cut may go on.
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
    // Not JSON, so the whole text will not be either.
    return ''
  }
}

/** Where what a pattern finds at an index ends; undefined when there is none. */
function endOf(pattern: RegExp, text: string, start: number): number | undefined {
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : undefined
}
