/** Cuts a text to a number of UTF-8 bytes, between two characters, and says how many bytes were dropped. */
export function cutText(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxBytes) return text
  const { read, written } = new TextEncoder().encodeInto(
    text,
    new Uint8Array(Math.max(0, maxBytes)),
  )
  return `${text.slice(0, read)}[truncated: ${bytes - written} bytes]`
}
