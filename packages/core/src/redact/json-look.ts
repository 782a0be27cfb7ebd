import {
  JUDGED,
  JUDGING,
  KNOWN,
  LISTING,
  LookKeys,
  type LookTests,
  NO_SYMBOL,
  SECRET,
  SYMBOLS,
  UNREADABLE,
} from './look-keys.js'
import { NONE, textEnd } from './look-text.js'
import { isCardNumber } from './secret-shapes.js'
import type { WorkBudget } from './work-budget.js'

/** Longer documents are parsed. */
const MAX_BYTES = 65_536
/** Fewer than the redactor goes through, and fewer levels. */
const MAX_VALUES = 9_000
const MAX_DEPTH = 30
/** Keys of one document that may be new. */
const MAX_NEW_KEYS = 256
/** A number of so many characters may be a card, or be changed when it is parsed. */
const LONG_NUMBER = 13
const MAX_NUMBER = 15
/** Bytes that are looked at for one unit of work: what parsing and walking take for the same document, or less. */
const LOOKED_AT = 16
/** Of the work that is left, for the look; where it finds that a document is not clean, the rest is for the walk. */
const SHARE = 0.25
const NEW_KEY_UNITS = 30
const KEY_CHAR_UNITS = 4

const BLANK = 0x20
const QUOTE = 0x22
const COLON = 0x3a
const COMMA = 0x2c
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * Tells by one look at its bytes, without parsing it, that there is nothing to hide in a JSON document: it is well-formed, no key
 * names a secret, and no text needs a change. What it is not sure of it says no to, and that has to be parsed and walked.
 */
export class JsonLook {
  readonly #keys: LookKeys
  readonly #isUnchanged: (text: string, budget: WorkBudget) => boolean

  /** @param isUnchanged whether a text of a document stays as it is */
  constructor(tests: LookTests, isUnchanged: (text: string, budget: WorkBudget) => boolean) {
    this.#keys = new LookKeys(tests)
    this.#isUnchanged = isUnchanged
  }

  /** Whether a document, as UTF-8, would be the same after it was redacted; false where that is not sure. */
  isClean(json: Buffer, budget: WorkBudget): boolean {
    const units = json.length / LOOKED_AT
    if (json.length > MAX_BYTES || !budget.affords(units)) return false
    budget.spend(units)
    const first = json[0]
    if (first !== OPEN_OBJECT && first !== OPEN_LIST) return false
    const share = budget.share(SHARE)
    const clean = isClean(json, {
      keys: this.#keys,
      isUnchanged: this.#isUnchanged,
      budget: share,
    })
    budget.settle(share)
    return clean && !share.isSpent
  }
}

/** What a look works with. */
interface LookParts {
  readonly keys: LookKeys
  readonly budget: WorkBudget
  isUnchanged(text: string, budget: WorkBudget): boolean
}

/**
 * Reads a document from its first value to its end. One function, since calls for each value took longer than all of the rest
 * (13 us against 6 for 3.4 KB). What is open and which keys were met there is a bit for each depth.
 */
function isClean(json: Buffer, { keys, budget, isUnchanged }: LookParts): boolean {
  let at = 0
  let values = 0
  let newKeys = 0
  let depth = 0
  let objects = 0
  let judged = 0
  let judging = 0
  for (;;) {
    // A value begins here.
    let byte = json[at] as number
    if (++values > MAX_VALUES) return false
    let isOpened = false
    if (byte === QUOTE) {
      const end = textEnd(json, at + 1)
      if (end === NONE) return false
      if (end < 0 && (budget.isSpent || !isUnchanged(json.toString('utf8', at + 1, -end), budget)))
        return false
      at = (end < 0 ? -end : end) + 1
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (++depth > MAX_DEPTH) return false
      isOpened = true
      const bit = 1 << depth
      judged &= ~bit
      judging &= ~bit
      objects = byte === OPEN_OBJECT ? objects | bit : objects & ~bit
      at += 1
    } else {
      at =
        byte === MINUS || (byte >= ZERO && byte <= NINE) ? numberEnd(json, at) : wordEnd(json, at)
      if (at === NONE) return false
    }
    // Behind it: brackets that close, a comma.
    let isKeyNext = false
    for (;;) {
      byte = json[at] as number
      if (byte <= BLANK) {
        at = spaceEnd(json, at)
        byte = json[at] as number
      }
      isKeyNext = ((objects >> depth) & 1) === 1
      if (byte === (isKeyNext ? CLOSE_OBJECT : CLOSE_LIST)) {
        depth -= 1
        at += 1
        isOpened = false
        if (depth === 0) return spaceEnd(json, at) === json.length
        continue
      }
      if (isOpened) break
      if (byte !== COMMA) return false
      at += 1
      byte = json[at] as number
      if (byte <= BLANK) {
        at = spaceEnd(json, at)
        byte = json[at] as number
      }
      break
    }
    if (!isKeyNext) {
      // A list of entries: `[["password", "x"], ...]`.
      if (isOpened && byte === OPEN_LIST && json[spaceEnd(json, at + 1)] === QUOTE) return false
      continue
    }
    // The key of the next value.
    if (byte !== QUOTE) return false
    at += 1
    const start = at
    let state: number = LookKeys.START
    for (;;) {
      const symbol = SYMBOLS[json[at] as number] as number
      // Undefined where the document ends within the key.
      if (!(symbol < NO_SYMBOL)) break
      state = keys.steps[state * NO_SYMBOL + symbol] as number
      at += 1
    }
    if (json[at] !== QUOTE) return false
    let flags = keys.flags[state] as number
    if (flags === 0) {
      const units = NEW_KEY_UNITS + (at - start) * KEY_CHAR_UNITS
      if (++newKeys > MAX_NEW_KEYS || !budget.spend(units)) return false
      flags = keys.learn(json.toString('latin1', start, at))
    }
    at += 1
    if ((json[at] as number) <= BLANK) at = spaceEnd(json, at)
    if (json[at] !== COLON) return false
    at += 1
    if ((json[at] as number) <= BLANK) at = spaceEnd(json, at)
    // Most keys have no other flag than that they are known.
    if (flags === KNOWN) continue
    if (!mayHold(flags, json[at] as number)) return false
    if ((flags & JUDGED) !== 0) judged |= 1 << depth
    if ((flags & JUDGING) !== 0) judging |= 1 << depth
    if (((judged & judging) >> depth) & 1) return false
  }
}

/** Whether a value that begins so may stand under a key with such flags. */
function mayHold(flags: number, first: number): boolean {
  if ((flags & UNREADABLE) !== 0) return false
  // A key without a value, or with a yes or no, gives nothing away: `null`, `true`, `false`.
  if ((flags & SECRET) !== 0 && first !== 0x6e && first !== 0x74 && first !== 0x66) return false
  return (flags & LISTING) === 0 || first !== OPEN_LIST
}

/** The end of a number that is the same once it was parsed, and is no card; NONE for another. Exponents are not read. */
function numberEnd(json: Buffer, start: number): number {
  const first = json[start] === MINUS ? start + 1 : start
  let at = digitsEnd(json, first)
  if (at === first) return NONE
  // JavaScript writes no -0, and JSON has no 01.
  if (json[first] === ZERO && (at > first + 1 || first > start)) return NONE
  const whole = at
  if (json[at] === DOT) {
    at = digitsEnd(json, at + 1)
    if (at === whole + 1) return NONE
  }
  if (at - start < LONG_NUMBER) return at
  const isCard = whole !== at || isCardNumber(json.toString('latin1', start, at))
  return isCard || at - start > MAX_NUMBER ? NONE : at
}

function digitsEnd(json: Buffer, start: number): number {
  let at = start
  for (let byte = json[at] as number; byte >= ZERO && byte <= NINE; byte = json[at] as number)
    at += 1
  return at
}

/** The end of `true`, `false` or `null`; NONE for anything else. */
function wordEnd(json: Buffer, start: number): number {
  const first = json[start]
  const word = first === 0x74 ? 'true' : first === 0x66 ? 'false' : 'null'
  const end = start + word.length
  return json.toString('latin1', start, end) === word ? end : NONE
}

function spaceEnd(json: Buffer, start: number): number {
  let at = start
  for (let byte = json[at]; byte === BLANK || byte === 0x0a || byte === 0x0d || byte === 9; ) {
    at += 1
    byte = json[at]
  }
  return at
}
