/*
 * decodeURIComponent throws at malformed input, and an exception costs so much that an attacker could keep a process
 * busy with `%ff`; so escapes are decoded by hand here.
 */

const ESCAPES = /(?:%[0-9a-f]{2})+/gi
const MALFORMED = /%(?![0-9a-f]{2})/i

/** Decodes a parameter's key or value (`+` is a space); undefined if it is malformed or no UTF-8. */
export function decodeStrictly(text: string): string | undefined {
  if (MALFORMED.test(text)) return undefined
  let isUtf8 = true
  const decoded = replaceEscapes(text, (bytes) => {
    isUtf8 = false
    return bytes
  })
  return isUtf8 ? decoded : undefined
}

/** Decodes what can be decoded, as Latin-1 if it is no UTF-8, and leaves the rest as it is. */
export function decodeLeniently(text: string): string {
  return replaceEscapes(text, (bytes) => bytes)
}

/** Decodes a key until nothing is left to decode, three times at most; undefined if it is malformed. */
export function decodeKey(raw: string): string | undefined {
  let key = decodeStrictly(raw)
  for (let round = 0; round < 2 && key?.includes('%'); round += 1) {
    const next = decodeStrictly(key)
    if (next === undefined) return key
    key = next
  }
  return key
}

/** Percent-encodes a text, whatever is in it. */
export function encode(text: string): string {
  // By way of a Buffer, because encodeURIComponent refuses lone surrogates.
  return encodeURIComponent(Buffer.from(text).toString())
}

function replaceEscapes(text: string, replaceInvalid: (latin1: string) => string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  return spaced.replace(ESCAPES, (escapes) => {
    if (escapes.length === 3) {
      // A single byte, the usual case, needs no Buffer.
      const byte = String.fromCharCode(Number.parseInt(escapes.slice(1), 16))
      return byte < '\x80' ? byte : replaceInvalid(byte)
    }
    const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex')
    const characters = bytes.toString()
    return characters.includes('\uFFFD') ? replaceInvalid(bytes.toString('latin1')) : characters
  })
}
