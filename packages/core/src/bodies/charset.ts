/** The text of some bytes; undefined when their charset is not known, or they are no text. Never throws. */
export function decodeText(
  bytes: Buffer,
  charset: string | undefined,
  isWhole: boolean,
): string | undefined {
  // Nearly every body; a decoder takes longer to make than to use.
  const text = isUtf8(charset) && isWhole ? utf8(bytes) : decode(bytes, charset ?? 'utf-8', isWhole)
  // No text holds a NUL; what does is binary, or in another charset than it says.
  return text?.includes('\0') ? undefined : text
}

/** Whether a charset is UTF-8, which a body is in that names none. */
export function isUtf8(charset: string | undefined): boolean {
  return charset === undefined || charset === 'utf-8' || charset === 'utf8'
}

function utf8(bytes: Buffer): string {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return bytes.toString('utf8', hasMark ? 3 : 0)
}

function decode(bytes: Buffer, charset: string, isWhole: boolean): string | undefined {
  try {
    // A stream keeps the half of a character at the cut to itself.
    return new TextDecoder(charset).decode(bytes, { stream: !isWhole })
  } catch {
    // RangeError: a charset that nobody knows.
    return undefined
  }
}
