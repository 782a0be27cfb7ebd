import type { FieldStamps, JsonValue } from '@fastify-scs/core'

/** The kinds of records that a store keeps, each in a table of its own. */
export const RECORD_KINDS = ['integration_requests', 'reports', 'audit_events'] as const

/** A kind of record. */
export type RecordKind = (typeof RECORD_KINDS)[number]

/** One record on its way into a store: plain data, already redacted. */
export interface StoreRecord {
  readonly kind: RecordKind
  /** UUID v7, sortable by time; the same id is the same record, however often it arrives. */
  readonly id: string
  /** When the record was made, in milliseconds since 1970; never changes for an id. */
  readonly createdAt: number
  /** Grows with each change of a record; of two versions the higher one is kept, in whatever order they arrive. */
  readonly revision: number
  /** What can be searched by. */
  readonly keys: RecordKeys
  /** The whole record, as `get` returns it. */
  readonly data: { readonly [field: string]: JsonValue }
  /** Fields of `data` that may be dropped under pressure, such as bodies; they become null and the record `truncated`. */
  readonly sheddable?: readonly string[]
  /**
   * When each field that was changed since the record was made got its value, for a record that others may change at the same
   * time. With it the record is not replaced: of each field the value with the higher stamp is kept, whatever arrives first.
   */
  readonly stamps?: FieldStamps
  /** Under pressure the records of the lowest importance are dropped first. */
  readonly importance: Importance
}

/** `high`: audit copies and fatal reports; `low`: what is only statistics. */
export type Importance = 'low' | 'normal' | 'high'

/** The indexed fields of a record; each is a column in a database. */
export interface RecordKeys {
  readonly service?: string
  /** `Queued`, `Completed`, `Failed` ... */
  readonly status?: string
  /** HTTP status code. */
  readonly statusCode?: number
  readonly fingerprint?: string
  readonly level?: string
  readonly requestId?: string
  /** The caller's own name for the record; unique among the records of its kind and service. */
  readonly key?: string
  /** The id by which the other side knows the call. */
  readonly remoteId?: string
  readonly referenceType?: string
  readonly referenceId?: string
  readonly user?: string
  /** Milliseconds. */
  readonly durationMs?: number
  /** One line that says what the record is about: a report's title, an audit message, a URL. Searched by `text`. */
  readonly summary?: string
}
