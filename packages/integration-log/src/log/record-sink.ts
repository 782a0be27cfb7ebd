import { performance } from 'node:perf_hooks'
import {
  errorForLog,
  type RecordKeys,
  type RecordStore,
  type StoreRecord,
} from '@fastify-scs/core/kit'
import type { FastifyInstance } from 'fastify'
import { type IntegrationRecord, jsonOf } from '../record.js'
import type { Draft } from './draft.js'
import type { Counts, Losses } from './stats.js'

/** Shortest time between two lines with the same message, in milliseconds. */
const LOG_EVERY_MS = 1_000

/** Writes records to the store, or to the application log where there is no store. */
export class RecordSink {
  readonly #app: FastifyInstance
  readonly #counts: Counts
  #store: UsedStore | undefined
  /** For each message: when it may be logged again, and how often it was left out. There are few messages, some once for each service. */
  readonly #loggedFailures = new Map<string, { nextAt: number; unsaid: number }>()

  constructor(app: FastifyInstance, counts: Counts) {
    this.#app = app
    this.#counts = counts
  }

  /** The store, which may be registered after this plugin. */
  get store(): UsedStore | undefined {
    if (this.#store === undefined && this.#app.hasDecorator('scsStore')) {
      // Not app.getDecorator, which Fastify has from 5.3 on.
      this.#store = (this.#app as FastifyInstance & { readonly scsStore: UsedStore }).scsStore
    }
    return this.#store
  }

  /** How many records were handed over. */
  get recorded(): number {
    return this.#counts.recorded
  }

  /** Whether records must be written before the answer leaves (`durability: 'process'`); then none waits for others. */
  get keepsAll(): boolean {
    return this.store?.durability === 'process'
  }

  /** Writes the present version of a record. Never throws. */
  write(draft: Draft, record: IntegrationRecord = draft.record()): void {
    try {
      if (draft.revision === 0) this.#counts.recorded++
      draft.stampOwnVersion()
      this.#app.scs.records.publish('integration_requests', record)
      const { store } = this
      if (store !== undefined) {
        const written: unknown = store.write(storedOf(draft, record))
        // A foreign store may return a promise; its unhandled rejection would end the process.
        if (written instanceof Promise) written.catch((error: unknown) => this.#failed(error))
      } else {
        const level = record.status === 'Failed' ? 'warn' : 'info'
        this.#app.log[level]({ integrationRequest: record }, summaryOf(record))
      }
    } catch (error) {
      this.#failed(error)
    }
    draft.revision++
  }

  #failed(error: unknown): void {
    this.#counts.writeFailures++
    this.logFailure(error, 'an integration record could not be written')
  }

  /** Logs how much was dropped for lack of room. */
  logLosses(losses: Losses): void {
    try {
      this.#app.log.error({ losses }, 'there were more calls than the integration log has room for')
    } catch {
      // A failing logger cannot report itself; the losses are counted.
    }
  }

  /** Logs a failure of the plugin, once a second at most for each message; it never reaches the application. */
  logFailure(error: unknown, message: string): void {
    const now = performance.now()
    const { nextAt, unsaid } = this.#loggedFailures.get(message) ?? { nextAt: 0, unsaid: 0 }
    if (now < nextAt) {
      this.#loggedFailures.set(message, { nextAt, unsaid: unsaid + 1 })
      return
    }
    this.#loggedFailures.set(message, { nextAt: now + LOG_EVERY_MS, unsaid: 0 })
    try {
      const err = errorForLog(error, this.#app.scs.redactor)
      this.#app.log.error(unsaid === 0 ? { err } : { err, unsaid }, message)
    } catch {
      // A failing logger cannot report itself; the failure is counted.
    }
  }
}

/** The part of `app.scsStore` that is used; a store of another make may lack the optional methods. */
export type UsedStore = Pick<RecordStore, 'write' | 'find' | 'get' | 'prune'> &
  Partial<Pick<RecordStore, 'durability' | 'beforeLastFlush'>>

type MutableKeys = { -readonly [Name in keyof RecordKeys]: RecordKeys[Name] }

const SHEDDABLE: readonly string[] = [
  'data',
  'output',
  'error',
  'requestHeaders',
  'responseHeaders',
]

/** `POST https://api.stripe.com/v1/charges -> 402` */
export function summaryOf({ method, url, status, statusCode, service }: IntegrationRecord): string {
  const call = [method, url ?? service].filter((part) => part !== null).join(' ')
  return `${call} -> ${statusCode ?? status}`
}

/** A version of a record as the store keeps it. */
export function storedOf(draft: Draft, record: IntegrationRecord): StoreRecord {
  const { stamps } = draft
  return {
    kind: 'integration_requests',
    id: record.id,
    createdAt: Date.parse(record.createdAt),
    revision: draft.revision,
    keys: keysOf(record),
    data: jsonOf(record),
    sheddable: SHEDDABLE,
    ...(stamps === undefined ? {} : { stamps }),
    importance: draft.isObserved && record.status === 'Completed' ? 'low' : 'normal',
  }
}

/** Set one by one: a spread for each optional key takes twice as long. */
function keysOf(record: IntegrationRecord): RecordKeys {
  const { statusCode, requestId, key, remoteId, reference, owner, durationMs } = record
  const { service, status, traceId, retryOf } = record
  const keys: MutableKeys = { service, status, summary: summaryOf(record) }
  if (statusCode !== null) keys.statusCode = statusCode
  if (requestId !== null) keys.requestId = requestId
  if (key !== null) keys.key = key
  if (remoteId !== null) keys.remoteId = remoteId
  if (reference !== null) {
    keys.referenceType = reference.type
    keys.referenceId = reference.id
  }
  if (owner !== null) keys.user = owner
  if (durationMs !== null) keys.durationMs = durationMs
  if (traceId !== null) keys.traceId = traceId
  // All that repeat a call are found by it.
  if (retryOf !== null) keys.fingerprint = retryOf
  return keys
}
