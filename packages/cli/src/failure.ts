import { errorCatalog as coreErrors } from '@fastify-scs/core'
import { catalogOf, type ErrorCatalog, printableText } from '@fastify-scs/core/kit'
import { errorCatalog as storeErrors } from '@fastify-scs/store'
import * as cliErrors from './errors.js'
import { codeOf } from './exit-codes.js'

/** What the program's own errors mean. */
export const CLI_ERRORS: ErrorCatalog = catalogOf(cliErrors)

const KNOWN: ErrorCatalog = { ...coreErrors, ...storeErrors, ...CLI_ERRORS }

/** An error as one line for a person: what is wrong, its code, what to do. Never with a password of a URL. */
export function lineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const code = codeOf(error)
  const fix = KNOWN[code ?? '']?.fix
  const said = code === undefined || message.includes(code) ? message : `${message} (${code})`
  const line = fix === undefined ? said : `${said.replace(/\.$/, '')}. ${fix}`
  return printableText(withoutSecrets(line.replace(/\s*\n\s*/g, ' ')))
}

/** The same with the stack and the causes, for `--debug`. */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return lineOf(error)
  const own = error.stack ?? String(error)
  const whole = error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`
  return whole
    .split('\n')
    .map((line) => printableText(withoutSecrets(line)))
    .join('\n')
}

/** A text in which URLs have no password, in their authority or their query. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^/?#\s:@]*):[^\s]*@/gi, '$1:***@')
    .replace(/([?&](?:password|sslpassword)=)[^&#\s]*/gi, '$1***')
}
