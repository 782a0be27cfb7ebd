import { onProcessEnd } from '@fastify-scs/core/kit'
import type { RedactedLog } from '../redacted-log.js'
import type { DeferredWriter } from './deferred-writer.js'

/**
 * Calls the plugins that hold records back when the process ends, and then flushes a last time. While there are any it does so after
 * the store has closed, too.
 */
export class LastWriters {
  readonly #callbacks = new Set<() => void>()
  readonly #log: RedactedLog
  readonly #forget: () => void
  #isClosed = false

  constructor(writer: DeferredWriter, log: RedactedLog) {
    this.#log = log
    this.#forget = onProcessEnd(() => {
      this.#callAll()
      writer.closeNow()
    }, log)
  }

  /** Adds a callback; the function that is returned removes it. */
  add(callback: () => void): () => void {
    this.#callbacks.add(callback)
    return () => {
      this.#callbacks.delete(callback)
      this.#forgetIfDone()
    }
  }

  /** The store has closed. */
  close(): void {
    this.#isClosed = true
    this.#forgetIfDone()
  }

  #forgetIfDone(): void {
    if (this.#isClosed && this.#callbacks.size === 0) this.#forget()
  }

  #callAll(): void {
    for (const callback of this.#callbacks) {
      try {
        callback()
      } catch (error) {
        this.#log.error(
          { err: error },
          'records that were held back could not be written at the end of the process',
        )
      }
    }
  }
}
