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

/**
 * Reads the beginning of a JSON document: everything up to the last value that is complete. Undefined when the text is no
 * beginning of one. One pass, nothing is read twice.
 */
export function readCutJson(text: string): unknown {
  const cut = new CutScan(text).run()
  if (cut === undefined) return undefined
  try {
    return JSON.parse(cut)
  } catch {
    // Malformed before the cut.
    return undefined
  }
}

/** Looks for the end of the last complete value. Each bracket moves it, so the frames are always those around it. */
class CutScan {
  readonly #text: string
  readonly #frames: Frame[] = []
  #safe = -1

  constructor(text: string) {
    this.#text = text
  }

  /** The text up to there, with the brackets that close it. */
  run(): string | undefined {
    let at = 0
    while (at !== -1 && at < this.#text.length) at = this.#step(at)
    // A list of `{ value, name }` hides the value by the name. Where the cut has taken the name, the object goes.
    const doubtful = this.#frames.findIndex((frame) => frame.hasValue && !frame.hasName)
    const frames = doubtful === -1 ? this.#frames : this.#frames.slice(0, doubtful)
    const end = doubtful === -1 ? this.#safe : (this.#frames[doubtful]?.safeBefore ?? -1)
    if (end === -1) return undefined
    return (
      this.#text.slice(0, end) +
      frames
        .map(({ closer }) => closer)
        .reverse()
        .join('')
    )
  }

  /** Reads what starts at an index; returns where it ends, or -1 where the text is cut within it. */
  #step(at: number): number {
    const char = this.#text.charAt(at)
    switch (char) {
      case '{':
      case '[':
        if (this.#frames.length >= MAX_DEPTH) return -1
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
        return ': \t\r\n'.includes(char) ? at + 1 : this.#word(at)
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
    let end = at + 1
    while (end < this.#text.length && !',:[]{}" \t\r\n'.includes(this.#text.charAt(end))) end += 1
    // A number at the cut may go on.
    return end === this.#text.length ? -1 : this.#mark(end)
  }

  #mark(end: number): number {
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
  frame.isNameNext = key === 'name'
  if (key === 'value') frame.hasValue = true
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted))
  } catch {
    // Not JSON, so the whole text will not be either.
    return ''
  }
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '\\') at += 1
    else if (char === '"') return at + 1
  }
  return -1
}
