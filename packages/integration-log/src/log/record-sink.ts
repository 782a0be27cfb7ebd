import { performance } from 'node:perf_hooks'
import { errorForLog, type FieldStamps } from '@fastify-scs/core/kit'
import type { FastifyInstance } from 'fastify'
import type { IntegrationFilter, RecordKey } from '../find/record-finder.js'
import type { IntegrationRecord } from '../record.js'
import type { Draft } from './draft.js'
import type { Counts, Losses } from './stats.js'

/** One kind of failure is logged no more often, in milliseconds. */
const COMPLAIN_EVERY_MS = 1_000

/** Where records go: the store where there is one, else the application log. */
export class Journal {
  readonly #app: FastifyInstance
  readonly #counts: Counts
  #store: RecordStore | undefined
  /** By message, of which there are a few, and one for each declared service: when it may be logged again, and how often it was not. */
  readonly #complaints = new Map<string, { nextAt: number; unsaid: number }>()

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

  /** How many records were handed over. */
  get recorded(): number {
    return this.#counts.recorded
  }

  /** Whether nothing that belongs to an answer may be lost once that has left: then no record waits for others. */
  get keepsAll(): boolean {
    return this.store?.durability === 'process'
  }

  /** Hands the present version of a record over. Never throws. */
  write(draft: Draft, record: IntegrationRecord = draft.record()): void {
    try {
      if (draft.revision === 0) this.#counts.recorded++
      draft.stampOwnVersion()
      const { store } = this
      if (store !== undefined) {
        const written = store.write(storedOf(draft, record))
        // Of a store of another kind; left alone its rejection would end the process.
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
    this.complain(error, 'an integration record could not be written')
  }

  /** Logs what was left out since there was no room for it. */
  tellLosses(losses: Losses): void {
    try {
      this.#app.log.error({ losses }, 'there were more calls than the integration log has room for')
    } catch {
      // A logger that throws has nobody to be told of it; the losses are counted.
    }
  }

  /** Logs something of ours that failed, once a second at most for each message; it never reaches the host. */
  complain(error: unknown, message: string): void {
    const now = performance.now()
    const { nextAt, unsaid } = this.#complaints.get(message) ?? { nextAt: 0, unsaid: 0 }
    if (now < nextAt) {
      this.#complaints.set(message, { nextAt, unsaid: unsaid + 1 })
      return
    }
    this.#complaints.set(message, { nextAt: now + COMPLAIN_EVERY_MS, unsaid: 0 })
    try {
      const err = errorForLog(error, this.#app.scs.redactor)
      this.#app.log.error(unsaid === 0 ? { err } : { err, unsaid }, message)
    } catch {
      // A logger that throws has nobody to be told of it; the failure is counted.
    }
  }
}

/** The part of `app.scsStore` that is used. */
export interface RecordStore {
  /** `process`: a record is in a file when `write` returns. Absent from a store that is none of `@fastify-scs/store`. */
  readonly durability?: 'default' | 'process'
  write(record: StoredIntegration): unknown
  /** Absent from a store that is none of `@fastify-scs/store`. */
  beforeLastFlush?(callback: () => void): () => void
  /** Stores what waits first; `waiting` is how many records could not be stored in time. */
  find(kind: 'integration_requests', filter: StoredFilter): Promise<FoundPage>
  /** Also what waits. */
  get(kind: 'integration_requests', id: string | RecordKey): Promise<FoundIntegration | undefined>
  prune(limits: {
    readonly olderThanDays: number
    readonly kind: 'integration_requests'
  }): Promise<number>
}

/** A filter as a store takes it. */
export type StoredFilter = Omit<IntegrationFilter, 'owner'> & { readonly user?: string }

/** A page as a store gives it back. */
export interface FoundPage {
  readonly items: readonly FoundIntegration[]
  readonly nextCursor?: string
  readonly waiting?: number
}

/** A record as a store gives it back. */
export interface FoundIntegration {
  readonly revision: number
  readonly data: unknown
  /** Absent from a store that is none of `@fastify-scs/store`. */
  readonly keys?: { readonly key?: string }
  readonly stamps?: FieldStamps
}

/** A record as `@fastify-scs/store` takes it. */
export interface StoredIntegration {
  readonly kind: 'integration_requests'
  readonly id: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly revision: number
  readonly keys: {
    readonly service: string
    readonly status: string
    readonly statusCode?: number
    readonly requestId?: string
    readonly key?: string
    readonly remoteId?: string
    readonly referenceType?: string
    readonly referenceId?: string
    readonly user?: string
    readonly durationMs?: number
    readonly summary: string
  }
  readonly data: IntegrationRecord
  readonly sheddable: readonly string[]
  readonly stamps?: FieldStamps
  readonly importance: 'normal' | 'low'
}

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
export function storedOf(draft: Draft, record: IntegrationRecord): StoredIntegration {
  const { statusCode, requestId, key, remoteId, reference, owner, durationMs } = record
  const { stamps } = draft
  return {
    kind: 'integration_requests',
    id: record.id,
    createdAt: Date.parse(record.createdAt),
    revision: draft.revision,
    keys: {
      service: record.service,
      status: record.status,
      summary: summaryOf(record),
      ...(statusCode === null ? {} : { statusCode }),
      ...(requestId === null ? {} : { requestId }),
      ...(key === null ? {} : { key }),
      ...(remoteId === null ? {} : { remoteId }),
      ...(reference === null ? {} : { referenceType: reference.type, referenceId: reference.id }),
      ...(owner === null ? {} : { user: owner }),
      ...(durationMs === null ? {} : { durationMs }),
    },
    data: record,
    sheddable: SHEDDABLE,
    ...(stamps === undefined ? {} : { stamps }),
    importance: draft.isObserved && record.status === 'Completed' ? 'low' : 'normal',
  }
}
