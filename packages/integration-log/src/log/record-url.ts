import type { Redactor } from '@fastify-scs/core'
import { beginningOf, leftOut, type WorkBudget } from '@fastify-scs/core/kit'

/** Characters of a URL that are kept. */
const MAX_LENGTH = 8_192

/** A URL as it is recorded: redacted first, so that no cut can take the name from a secret. */
export function recordUrl(url: string, redactor: Redactor, budget?: WorkBudget): string {
  const redacted = redactor.url(url, budget)
  if (redacted.length <= MAX_LENGTH) return redacted
  const kept = beginningOf(redacted, MAX_LENGTH)
  return kept + leftOut(Buffer.byteLength(redacted.slice(kept.length)))
}
