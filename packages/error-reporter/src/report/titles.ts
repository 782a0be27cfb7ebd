import type { Redactor } from '@fastify-scs/core'
import {
  messageOfThrown,
  printableText,
  readThrown,
  shortened,
  type ThrownNode,
  withoutHiddenFields,
} from '@fastify-scs/core/kit'
import type { FailedAnswer } from '../watch/failed-answer.js'
import { endpointOf } from './describe-request.js'

/** Characters of a title. */
export const MAX_TITLE_CHARS = 300

/** `FATAL BACKEND ERROR <api> <status> <code>: <endpoint>: <message>` */
export function fatalTitle(facts: {
  readonly apiName: string
  readonly status: number
  readonly code: string
  readonly endpoint: string
  readonly message: string
}): string {
  const { apiName, status, code, endpoint, message } = facts
  return oneLine(`FATAL BACKEND ERROR ${apiName} ${status} ${code}: ${endpoint}: ${message}`)
}

/** `NON-FATAL BACKEND ERROR <api> <endpoint>: <title>`, without an endpoint outside of a request. */
export function nonFatalTitle(
  apiName: string,
  endpoint: string | undefined,
  title: string,
): string {
  const where = endpoint === undefined ? apiName : `${apiName} ${endpoint}`
  return oneLine(`NON-FATAL BACKEND ERROR ${where}: ${title}`)
}

/** `REGRESSION: FATAL BACKEND ERROR ...`: of a group that was resolved and has come again in a newer release. */
export function regressionTitle(title: string): string {
  return oneLine(`REGRESSION: ${title}`)
}

/** The title of a crash: it shows what was thrown rather than what the client was told. */
export function crashTitle(failed: FailedAnswer, apiName: string, redactor: Redactor): string {
  const { request, thrown, answer } = failed
  const { status, code, description } = answer
  const own = thrown === undefined ? '' : headlineOf(thrown)
  const shown = withoutHiddenFields(own === '' ? description : own, thrown, redactor)
  const message = redactor.text(shown)
  return fatalTitle({ apiName, status, code, endpoint: endpointOf(request, redactor), message })
}

/**
 * What was thrown, in one line: its message, and where that does not contain them, the messages of the errors that it is made
 * of and of the innermost cause that has a code. `fetch failed: connect ECONNREFUSED 127.0.0.1:5432`. Not redacted. Never
 * throws.
 */
export function headlineOf(thrown: unknown): string {
  const node = readThrown(thrown)
  const own = messageOfThrown(node)
  const ofErrors = node.errors.map(messageOfThrown).filter((text) => !own.includes(text))
  const line = joined(own, ofErrors.join(' | '))
  const original = originalMessage(node)
  return line.includes(original) ? line : joined(line, original)
}

/** A text on one line: it must not bring headers into a mail or lines into a log; control characters are shown as escapes. */
export function oneLine(text: string, maxChars: number = MAX_TITLE_CHARS): string {
  const isOne = /^[!-~]+(?: [!-~]+)*$/.test(text)
  return shortened(isOne ? text : printableText(text.replace(/\s+/g, ' ').trim()), maxChars)
}

function joined(text: string, rest: string): string {
  return text === '' || rest === '' ? text + rest : `${text}: ${rest}`
}

/** The message of the innermost cause that has a code: a system or a library has made it, and it says what has failed. */
function originalMessage(node: ThrownNode): string {
  let message = ''
  for (let cause = node.cause; cause !== undefined; cause = cause.cause) {
    if (cause.code !== undefined) message = messageOfThrown(cause)
  }
  return message
}
