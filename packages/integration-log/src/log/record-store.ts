import type { FieldStamps } from '@fastify-scs/core/kit'
import type { IntegrationRecord } from '../record.js'
import type { Draft } from './draft.js'
import type { IntegrationFilter, RecordKey } from './find.js'

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
