import type { FastifyStoredRecords } from 'fastify'
import type { JsonValue } from '../json/json-value.js'
import type { FieldStamps } from '../versions/merge-versions.js'
import type { StoreCounter } from './group-counting.js'

/** The kinds of records that a store keeps, each in a table of its own. */
export const RECORD_KINDS = [
  'integration_requests',
  'reports',
  'audit_events',
  'route_stats',
] as const

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
  /** Method and route pattern: `GET /orders/:id`. */
  readonly route?: string
  /** The version of the service that made the record. */
  readonly release?: string
  /** Of the trace that it belongs to, as in `traceparent`: 32 hexadecimal digits. */
  readonly traceId?: string
  /** Milliseconds. */
  readonly durationMs?: number
  /** One line that says what the record is about: a report's title, an audit message, a URL. Searched by `text`. */
  readonly summary?: string
}

/** What records are searched by; everything given must hold. */
export interface RecordFilter {
  readonly service?: string
  /** One of them, when it is a list. */
  readonly status?: string | readonly string[]
  /** None of them; a record without a status is found. */
  readonly statusNot?: string | readonly string[]
  /** One code, or a range with both ends included. */
  readonly statusCode?: number | { readonly from?: number; readonly to?: number }
  readonly fingerprint?: string
  readonly level?: string
  readonly requestId?: string
  /** The caller's own name for the record. */
  readonly key?: string
  /** The id by which the other side knows the call. */
  readonly remoteId?: string
  /** HTTP method, in whatever case. */
  readonly method?: string
  /** `out` for calls to the outside, `in` for those that came in. */
  readonly direction?: 'out' | 'in'
  /** What the URL begins with. */
  readonly urlPrefix?: string
  readonly reference?: { readonly type?: string; readonly id?: string }
  readonly user?: string
  /** Method and route pattern: `GET /orders/:id`. */
  readonly route?: string
  readonly release?: string
  readonly traceId?: string
  /** Records made at or after this time: a Date, ISO 8601 text, or milliseconds since 1970. */
  readonly from?: Date | string | number
  /** Records made before this time. */
  readonly to?: Date | string | number
  /**
   * Text that the summary contains, in whatever case; with the option `searchBodies` also words that the bodies contain, all of
   * them. Without `from` the last 7 days are searched.
   */
  readonly text?: string
  /** `nextCursor` of the page before. */
  readonly cursor?: string
  /** Items of a page, 1 to 500. @default 50 */
  readonly limit?: number
}

/**
 * What the data of a record is: what the package that writes the kind has declared it to be, if the application imports that package,
 * else any JSON. Several kinds together are JSON.
 */
export type RecordData<Kind extends RecordKind = RecordKind> = [RecordKind] extends [Kind]
  ? StoreRecord['data']
  : Kind extends keyof FastifyStoredRecords
    ? FastifyStoredRecords[Kind]
    : StoreRecord['data']

/** A record as it is found. */
export interface FoundRecord<Data = StoreRecord['data']> {
  readonly id: string
  readonly kind: RecordKind
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly revision: number
  readonly keys: RecordKeys
  readonly data: Data
  /** Given for a record that was changed. */
  readonly stamps?: FieldStamps
}

/** One page, newest first; stable while records arrive. */
export interface RecordPage<Data = StoreRecord['data']> {
  readonly items: readonly FoundRecord<Data>[]
  /** Given when there are more. */
  readonly nextCursor?: string
  /** How many records this process has written that could not be stored in time and are not looked through; absent for none. */
  readonly waiting?: number
}

/** The caller's own name of a record. */
export interface RecordKey {
  readonly service: string
  /** Unique in its service. */
  readonly key: string
}

/** What the store plugin decorates an app with, as far as other plugins use it: `app.scsStore`. */
export interface RecordStore extends StoreCounter {
  /**
   * `process`: a record is in a file when `write` returns, so that not even `kill -9` loses it. A plugin that gathers records
   * before it writes them hands each of them over at once in this mode.
   */
  readonly durability: 'default' | 'process'

  /** Takes a record to be stored within milliseconds; never throws, never waits. The record must not change afterwards. */
  write(record: StoreRecord): void

  /** Finds records, newest first, a page at a time. What waits is stored before. @throws SCS_STORE_ERR_FILTER, SCS_STORE_ERR_UNAVAILABLE */
  find<Kind extends RecordKind>(
    kind: Kind,
    filter?: RecordFilter,
  ): Promise<RecordPage<RecordData<Kind>>>

  /** One record by its id, or by its key; what waits is merged with what is stored. @throws SCS_STORE_ERR_FILTER, SCS_STORE_ERR_UNAVAILABLE */
  get<Kind extends RecordKind>(
    kind: Kind,
    id: string | RecordKey,
  ): Promise<FoundRecord<RecordData<Kind>> | undefined>

  /** Removes records that are older, of one kind if it is given; returns how many. @throws SCS_STORE_ERR_UNAVAILABLE */
  prune(limits: { readonly olderThanDays: number; readonly kind?: RecordKind }): Promise<number>

  /** Calls back before the last flush of a process that ends; the function that is returned takes the callback off. */
  beforeLastFlush(callback: () => void): () => void
}
