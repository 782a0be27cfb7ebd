import { SCHEMES } from './plain-text.js'

/** What a byte within a text of JSON means to a look at it. */
export const TextByte = {
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
export const TEXT_BYTES: Readonly<Uint8Array> = textBytes()

/** The last two letters of each word behind which a blank may be followed by a secret, in lower case, as one number. */
export const SUSPECT_AT_BLANK: ReadonlySet<number> = new Set(
  `${SCHEMES}|identified`
    .split('|')
    .map((word) => (word.charCodeAt(word.length - 2) << 8) | word.charCodeAt(word.length - 1)),
)

function textBytes(): Uint8Array {
  const table = new Uint8Array(256).fill(TextByte.Plain)
  const put = (chars: string, kind: number): void => {
    for (const char of chars) table[char.charCodeAt(0)] = kind
  }
  table.fill(TextByte.Refused, 0, 0x20)
  put('BCDEFGHIKLMNOPQRSTUVWXYZabcdefghiklmnopqrstuvwxyz', TextByte.Letter)
  put('A0123456789.', TextByte.Mark)
  put('_-jJ', TextByte.InRow)
  put(' /', TextByte.Between)
  put('=:%', TextByte.Suspect)
  put('"', TextByte.End)
  put('\\', TextByte.Refused)
  // The first bytes of U+00A0, which may stand in a card number, and of U+FF1A and U+FF1D, a colon and an equals sign.
  table[0xc2] = TextByte.Suspect
  table[0xef] = TextByte.Suspect
  return table
}
