import type { Redactor } from '@fastify-scs/core'
import { errorForLog } from '@fastify-scs/core/kit'
import type { StoreLog } from './port.js'

/**
 * The log of a store, whose lines pass the redactor: errors of a database quote rows and statements, and errors of a driver quote
 * the URL with its password.
 */
export class RedactedLog implements StoreLog {
  readonly #log: StoreLog
  readonly #redactor: Redactor

  constructor(log: StoreLog, redactor: Redactor) {
    this.#log = log
    this.#redactor = redactor
  }

  info(details: object, message: string): void {
    this.#log.info(this.#redacted(details), this.redact(message))
  }

  warn(details: object, message: string): void {
    this.#log.warn(this.#redacted(details), this.redact(message))
  }

  error(details: object, message: string): void {
    this.#log.error(this.#redacted(details), this.redact(message))
  }

  /** Redacts a text that is not logged, such as the reason of a dead letter. */
  redact(text: string): string {
    return this.#redactor.text(text)
  }

  #redacted(details: object): object {
    const { err, ...rest } = details as { readonly err?: unknown }
    const shown = this.#redactor.value(rest) as object
    return err === undefined ? shown : { ...shown, err: errorForLog(err, this.#redactor) }
  }
}
