import type { IntegrationRecord, IntegrationStatus, Reference } from '../record.js'

/** What records are searched by; everything given must hold. */
export interface IntegrationFilter {
  readonly service?: string
  /** One of them, when it is a list. */
  readonly status?: IntegrationStatus | readonly IntegrationStatus[]
  /** None of them. */
  readonly statusNot?: IntegrationStatus | readonly IntegrationStatus[]
  /** HTTP method, in whatever case. */
  readonly method?: string
  /** `out` for calls to the outside, `in` for those that came in. */
  readonly direction?: 'out' | 'in'
  /** What the URL begins with. */
  readonly urlPrefix?: string
  /** One code, or a range with both ends included. */
  readonly statusCode?: number | { readonly from?: number; readonly to?: number }
  readonly requestId?: string
  /** Who made the request within which the call was made. */
  readonly owner?: string
  /** The application's own name for the record. */
  readonly key?: string
  /** The id by which the other side knows the call. */
  readonly remoteId?: string
  readonly reference?: Partial<Reference>
  /** Records made at or after this time: a Date, ISO 8601 text, or milliseconds since 1970. */
  readonly from?: Date | string | number
  /** Records made before this time. */
  readonly to?: Date | string | number
  /**
   * Text that `METHOD url -> status` contains; with the store's option `searchBodies` also words that `data`, `output` and `error`
   * contain, all of them. Without `from` the last 7 days are searched.
   */
  readonly text?: string
  /** `nextCursor` of the page before. */
  readonly cursor?: string
  /** Items of a page, 1 to 500. @default 50 */
  readonly limit?: number
}

/** A record by the application's own name for it. */
export interface RecordKey {
  readonly service: string
  readonly key: string
}

/** One page of records, newest first. */
export interface IntegrationPage {
  readonly items: readonly IntegrationRecord[]
  /** Given when there are more. */
  readonly nextCursor?: string
  /** How many records this process has written that could not be stored in time and are not looked through; absent for none. */
  readonly waiting?: number
}
