import { NO_SYMBOL, SYMBOLS } from './look-keys.js'
import { SCHEMES } from './shape-scan.js'

/** No index: a document that is not clean. */
export const NONE = -1
/** A secret that shows by its shape has so many characters at least. */
const SHAPE_CHARS = 13
/** Behind every index. */
const NO_ROW = 0x3fffffff
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39

/** What a byte within a text of JSON means to a look at it. */
const TextByte = {
  /** Of a word, and nothing by itself. */
  Letter: 0,
  /** Of a word, and may begin a secret that shows by its shape: a digit, a dot. */
  Mark: 1,
  /** The quote behind the text. */
  End: 2,
  /** A control character, which makes the document malformed, or a backslash: what is escaped is not looked at. */
  Refused: 3,
  /** Needs a closer look at the whole text, wherever it stands. */
  Suspect: 4,
  /** Of a word; needs a closer look at what stands before it. */
  InRow: 5,
  /** Of no word; needs such a closer look. */
  Between: 6,
  /** Of no word, and nothing by itself. */
  Plain: 7,
} as const

/** By byte. */
const TEXT_BYTES: Readonly<Uint8Array> = textBytes()

/** The last two letters of each word behind which a blank may be followed by a secret, in lower case, as one number. */
const SUSPECT_AT_BLANK: ReadonlySet<number> = new Set(
  `${SCHEMES}|identified`
    .split('|')
    .map((word) => (word.charCodeAt(word.length - 2) << 8) | word.charCodeAt(word.length - 1)),
)

/** The index of the quote behind a text; negative where the text needs a closer look, NONE where it is not looked at. */
export function textEnd(json: Buffer, start: number): number {
  let isSuspect = false
  /** Where a row of characters begins that may be a secret. */
  let row = NO_ROW
  let at = start
  for (;;) {
    const byte = json[at] as number
    const kind = TEXT_BYTES[byte] as number
    if (kind === TextByte.Letter) {
      at += 1
      continue
    }
    if (kind === TextByte.End) break
    if (kind === TextByte.Mark) {
      if (at < row) row = at
      at += 1
      continue
    }
    if (kind === TextByte.Refused || kind === undefined) return NONE
    if (kind === TextByte.Suspect) isSuspect = true
    else if (kind !== TextByte.Plain && isSuspectAt(json, at, start)) isSuspect = true
    if (kind !== TextByte.InRow) {
      if (at - row >= SHAPE_CHARS) isSuspect = true
      row = NO_ROW
    } else if (at < row && byte !== 0x4a && byte !== 0x6a) row = at
    at += 1
  }
  return isSuspect || at - row >= SHAPE_CHARS ? -at : at
}

/** Whether a byte that is harmless by itself is suspect after what stands before it, or before what follows. */
function isSuspectAt(json: Buffer, at: number, start: number): boolean {
  const before = at === start ? 0 : (json[at - 1] as number)
  switch (json[at]) {
    case 0x20:
      return isSuspectBlank(json, at, before)
    case 0x27:
      // `('x')` of SQL, and a text in quotes.
      return before === 0x28 || at === start
    case 0x2f:
      // `//`, `</`, `.slack.com/`.
      return before === 0x2f || before === 0x3c || (before | 0x20) === 0x6d
    case MINUS:
      // `--password`, `-p`.
      return before === MINUS || SYMBOLS[before] === NO_SYMBOL
    case 0x5f:
      // `whsec_`.
      return before === 0x63
    default:
      // `eyJ`, in any case.
      return (before | 0x20) === 0x79 && ((json[at - 2] as number) | 0x20) === 0x65
  }
}

/** A blank behind the name of an authentication scheme, within a row of digits, or before a quote. */
function isSuspectBlank(json: Buffer, at: number, before: number): boolean {
  const next = json[at + 1]
  if (next === 0x27 || next === 0x60 || next === 0x28) return true
  if ((before >= ZERO && before <= NINE) || before === 0x20 || before === DOT || before === MINUS)
    return true
  return SUSPECT_AT_BLANK.has((((json[at - 2] as number) | 0x20) << 8) | (before | 0x20))
}

function textBytes(): Uint8Array {
  const table = new Uint8Array(256).fill(TextByte.Plain)
  const put = (chars: string, kind: number): void => {
    for (const char of chars) table[char.charCodeAt(0)] = kind
  }
  table.fill(TextByte.Refused, 0, 0x20)
  put('BCDEFGHIKLMNOPQRSTUVWXYZabcdefghiklmnopqrstuvwxyz', TextByte.Letter)
  put('A0123456789.', TextByte.Mark)
  put('_-jJ', TextByte.InRow)
  put(" /'", TextByte.Between)
  put('=:%', TextByte.Suspect)
  put('"', TextByte.End)
  put('\\', TextByte.Refused)
  // The first bytes of U+00A0, which may stand in a card number, and of U+FF1A and U+FF1D, a colon and an equals sign.
  table[0xc2] = TextByte.Suspect
  table[0xef] = TextByte.Suspect
  return table
}
