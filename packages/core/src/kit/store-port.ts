import type { JsonValue } from '../json/json-value.js'
import type { FieldStamps } from '../versions/merge-versions.js'
import type { GrowthRules } from './growth.js'

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

/** A record as it is found. */
export interface FoundRecord {
  readonly id: string
  readonly kind: RecordKind
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly revision: number
  readonly keys: RecordKeys
  readonly data: StoreRecord['data']
  /** Given for a record that was changed. */
  readonly stamps?: FieldStamps
}

/** One page, newest first; stable while records arrive. */
export interface RecordPage {
  readonly items: readonly FoundRecord[]
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

/** What one instance has seen of a group of like reports since it last called `countGroups` for it. */
export interface GroupSighting {
  /** Names the group; the first 512 characters count. */
  readonly fingerprint: string
  /** Occurrences since then; 0 to ask only. */
  readonly occurrences: number
  /** When the first of these occurrences was seen, in milliseconds since 1970. */
  readonly firstSeenAt: number
  /** When the last of them was seen, in milliseconds since 1970. */
  readonly lastSeenAt: number
  /** Whether the instance would report the last of them now, if a report is due; without, it stays due. */
  readonly canReport: boolean
  /** What people read of the group: the title of its last report. The first 500 characters count. */
  readonly title?: string
  readonly kind?: ReportKind
  /** The version of the service that has seen them. */
  readonly release?: string
  /** Who was affected, each once; 100 at most. Only digests of them are stored. */
  readonly users?: readonly string[]
}

/** What a report is about. */
export type ReportKind = 'fatal' | 'non-fatal' | 'slow' | 'stuck'

/**
 * What has been decided about a group of errors. `open`: nothing. `resolved`: a release mends it. `muted`: counted and not reported.
 * `regressed`: it came again in a release newer than the one that mended it.
 */
export type GroupStatus = 'open' | 'resolved' | 'muted' | 'regressed'

/** A group as all instances together have seen it. */
export interface GroupState {
  readonly fingerprint: string
  /** All of them since `firstSeenAt`. */
  readonly occurrences: number
  /** Milliseconds since 1970. */
  readonly firstSeenAt: number
  /** Milliseconds since 1970. */
  readonly lastSeenAt: number
  /** Occurrences since the last quiet time. */
  readonly streak: number
  /** The streak at which the next report is due. */
  readonly dueAt: number
  /** Occurrences that were not reported since the last report, the one that is due now not among them. */
  readonly suppressed: number
  /** Whether the instance that asked reports now; it is true for one instance only, and never for a muted group. */
  readonly isDue: boolean
  readonly status: GroupStatus
  /** Whether the group has become `regressed` with this sighting; it is true for one sighting only. */
  readonly isRegression: boolean
}

/** Counts groups of like reports for all instances that share the database. */
export interface StoreCounter {
  /**
   * Adds sightings to their groups, all or none of them, and returns the state of each one's group, in the same order.
   * Two instances that ask for a group at once are answered one after the other.
   *
   * @throws FilterError when a sighting or a rule is wrong; StoreUnavailableError, and then it may have been counted; ReadOnlyError
   */
  countGroups(
    sightings: readonly GroupSighting[],
    rules: GrowthRules,
  ): Promise<readonly GroupState[]>

  /**
   * Notes that a release runs, which begins with its first note: where releases are no semantic versions, the one that began later is
   * the newer one. While the database is away the note is kept and made later, and the promise resolves.
   *
   * @throws FilterError; ReadOnlyError
   */
  noteRelease(release: string, at: number): Promise<void>
}

/** The calls of one route in one minute, as one instance has counted them; `data` of a record of the kind `route_stats`. */
export type RouteMinute = {
  /** Tells the instances of a service apart. */
  readonly instance: string
  /** Calls that were answered. */
  readonly calls: number
  /** Answered with 500 or above. */
  readonly failed: number
  readonly slow: number
  readonly stuck: number
  /** The client left before the first byte. */
  readonly aborted: number
  readonly sumMs: number
  readonly minMs: number
  readonly maxMs: number
  /** Of the histogram: index of a bucket, its count, index of the next one that is not empty, and so on. */
  readonly buckets: number[]
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
  find(kind: RecordKind, filter?: RecordFilter): Promise<RecordPage>

  /** One record by its id, or by its key; what waits is merged with what is stored. @throws SCS_STORE_ERR_FILTER, SCS_STORE_ERR_UNAVAILABLE */
  get(kind: RecordKind, id: string | RecordKey): Promise<FoundRecord | undefined>

  /** Removes records that are older, of one kind if it is given; returns how many. @throws SCS_STORE_ERR_UNAVAILABLE */
  prune(limits: { readonly olderThanDays: number; readonly kind?: RecordKind }): Promise<number>

  /** Calls back before the last flush of a process that ends; the function that is returned takes the callback off. */
  beforeLastFlush(callback: () => void): () => void
}
