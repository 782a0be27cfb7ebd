import { leftOut, type Redactor } from '@fastify-scs/core'

/** Characters of a URL that are kept. */
const MAX_LENGTH = 8_192

/** A URL as it is recorded: redacted first, so that no cut can take the name from a secret. */
export function recordUrl(url: string, redactor: Redactor): string {
  const redacted = redactor.url(url)
  if (redacted.length <= MAX_LENGTH) return redacted
  const rest = redacted.slice(MAX_LENGTH)
  return redacted.slice(0, MAX_LENGTH) + leftOut(Buffer.byteLength(rest))
}
