import { normaliseStatement } from '../statement/normalise-statement.js'

/** Characters of a statement that are looked at; the rest is neither held nor shown. */
export const MAX_READ_CHARS = 4_096
/** Different statements of one request that are held as the driver has them. */
const MAX_AS_SENT = 200
/** Characters of them in all. */
const MAX_HELD_CHARS = 131_072
/** Different statements of one request, with those that were normalised at once because the limits above were reached. */
const MAX_STATEMENTS = 400

/** A statement of a request, and what is counted of it. */
export class HeldStatement {
  readonly system: string
  times = 0
  /** Milliseconds of all its runs that have ended. */
  durationMs = 0
  readonly #held: string
  readonly #isCut: boolean
  #normalised: string | undefined

  constructor(system: string, held: string, isCut: boolean, normalised?: string) {
    this.system = system
    this.#held = held
    this.#isCut = isCut
    this.#normalised = normalised
  }

  /** Without literals, lists and values. Made when it is first asked for, which for most requests is never. */
  get normalised(): string {
    this.#normalised ??= normaliseStatement(this.#held, this.system, this.#isCut)
    return this.#normalised
  }
}

/** The statements of one request, each once. What it holds is bounded, however many and however long they are. */
export class HeldStatements {
  readonly #byText = new Map<string, HeldStatement>()
  #heldChars = 0
  /** The one before: an N+1 asks for it again, and to compare two texts takes less than to hash one that was just put together. */
  #last: { readonly text: string; readonly statement: HeldStatement } | undefined
  /** What stands for all statements that there was no room for. */
  readonly #untold = new HeldStatement('', '', false, '')

  /** Those that can be told, in the order of their first run. */
  get all(): Iterable<HeldStatement> {
    return this.#byText.values()
  }

  /** Whether a statement is among `all`. */
  isTold(statement: HeldStatement): boolean {
    return statement !== this.#untold
  }

  of(system: string, statement: string | (() => string)): HeldStatement {
    // Called at once: a function that is kept would keep the command with all its values.
    const whole = typeof statement === 'string' ? statement : statement()
    const last = this.#last
    if (last?.text === whole && last.statement.system === system) return last.statement
    const isCut = whole.length > MAX_READ_CHARS
    const text = isCut ? ownCopy(whole) : whole
    const found = this.#find(system, text, isCut)
    this.#last = isCut ? undefined : { text, statement: found }
    return found
  }

  #find(system: string, text: string, isCut: boolean): HeldStatement {
    const known = this.#byText.get(text)
    if (known?.system === system) return known
    return this.#add(system, text, isCut, known === undefined ? text : `${system}\n${text}`)
  }

  #add(system: string, text: string, isCut: boolean, key: string): HeldStatement {
    const known = this.#byText.get(key)
    if (known !== undefined) return known
    const chars = this.#heldChars + text.length
    if (this.#byText.size < MAX_AS_SENT && chars <= MAX_HELD_CHARS) {
      this.#heldChars = chars
      return this.#put(key, new HeldStatement(system, text, isCut))
    }
    // Statements with their values in them, one like the other, still count as one.
    const normalised = normaliseStatement(text, system, isCut)
    const normalKey = `${system}\n\n${normalised}`
    const alike = this.#byText.get(normalKey)
    if (alike !== undefined) return alike
    if (this.#byText.size >= MAX_STATEMENTS) return this.#untold
    return this.#put(normalKey, new HeldStatement(system, '', false, normalised))
  }

  #put(key: string, statement: HeldStatement): HeldStatement {
    this.#byText.set(key, statement)
    return statement
  }
}

/** The beginning of a text in memory of its own: V8's `slice` would keep the whole text. */
function ownCopy(text: string): string {
  return Buffer.from(text.slice(0, MAX_READ_CHARS), 'utf16le').toString('utf16le')
}
