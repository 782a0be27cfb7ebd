import { errorForLog } from '@fastify-scs/core'
import type { FastifyInstance } from 'fastify'
import type { IntegrationRecord } from '../record.js'
import type { Draft } from './draft.js'
import type { Losses } from './loss-teller.js'
import { type RecordStore, storedOf, summaryOf } from './record-store.js'
import type { Counts } from './stats.js'

/** Where records go: the store where there is one, else the application log. */
export class Journal {
  readonly #app: FastifyInstance
  readonly #counts: Counts
  #store: RecordStore | undefined

  constructor(app: FastifyInstance, counts: Counts) {
    this.#app = app
    this.#counts = counts
  }

  /** The store, which may have been registered behind this plugin. */
  get store(): RecordStore | undefined {
    if (this.#store === undefined && this.#app.hasDecorator('scsStore')) {
      // Not app.getDecorator, which Fastify has from 5.3 on.
      this.#store = (this.#app as FastifyInstance & { readonly scsStore: RecordStore }).scsStore
    }
    return this.#store
  }

  /** Whether nothing that belongs to an answer may be lost once that has left: then no record waits for others. */
  get keepsAll(): boolean {
    return this.store?.durability === 'process'
  }

  /** Hands the present version of a record over. Never throws. */
  write(draft: Draft, record: IntegrationRecord = draft.record()): void {
    try {
      if (draft.revision === 0) this.#counts.recorded++
      const { store } = this
      if (store !== undefined) store.write(storedOf(draft, record))
      else {
        const level = record.status === 'Failed' ? 'warn' : 'info'
        this.#app.log[level]({ integrationRequest: record }, summaryOf(record))
      }
    } catch (error) {
      this.#counts.writeFailures++
      this.complain(error, 'an integration record could not be written')
    }
    draft.revision++
  }

  /** Logs what was left out since there was no room for it. */
  tellLosses(losses: Losses): void {
    try {
      this.#app.log.error({ losses }, 'there were more calls than the integration log has room for')
    } catch {
      // A logger that throws has nobody to be told of it; the losses are counted.
    }
  }

  /** Logs something of ours that failed; it never reaches the host. */
  complain(error: unknown, message: string): void {
    try {
      this.#app.log.error({ err: errorForLog(error, this.#app.scs.redactor) }, message)
    } catch {
      // A logger that throws has nobody to be told of it; the failure is counted.
    }
  }
}
