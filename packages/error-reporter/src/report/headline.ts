import { messageOfThrown, readThrown, type ThrownNode } from '@fastify-scs/core/kit'

/**
 * What was thrown, in one line for a title: its message, and where that does not say it, the messages of the errors that it is
 * made of and of the failure that began it. `fetch failed: connect ECONNREFUSED 127.0.0.1:5432`. Not redacted. Never throws.
 */
export function headlineOf(thrown: unknown): string {
  const node = readThrown(thrown)
  const own = messageOfThrown(node)
  const ofErrors = node.errors.map(messageOfThrown).filter((text) => !own.includes(text))
  const line = joined(own, ofErrors.join(' | '))
  const original = originalMessage(node)
  return line.includes(original) ? line : joined(line, original)
}

function joined(text: string, rest: string): string {
  return text === '' || rest === '' ? text + rest : `${text}: ${rest}`
}

/** The message of the innermost cause that has a code: a machine has made it, and it names what has failed. */
function originalMessage(node: ThrownNode): string {
  let message = ''
  for (let cause = node.cause; cause !== undefined; cause = cause.cause) {
    if (cause.code !== undefined) message = messageOfThrown(cause)
  }
  return message
}
