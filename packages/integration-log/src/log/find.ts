import type { IntegrationRecord, IntegrationStatus, Reference } from '../record.js'

/** What records are searched by; everything given must hold. */
export interface IntegrationFilter {
  readonly service?: string
  readonly status?: IntegrationStatus
  /** One code, or a range with both ends included. */
  readonly statusCode?: number | { readonly from?: number; readonly to?: number }
  readonly requestId?: string
  readonly reference?: Partial<Reference>
  /** Records made at or after this time: a Date, ISO 8601 text, or milliseconds since 1970. */
  readonly from?: Date | string | number
  /** Records made before this time. */
  readonly to?: Date | string | number
  /** Text that `METHOD url -> status` contains; without `from` the last 7 days are searched. */
  readonly text?: string
  /** `nextCursor` of the page before. */
  readonly cursor?: string
  /** Items of a page, 1 to 500. @default 50 */
  readonly limit?: number
}

/** One page of records, newest first. */
export interface IntegrationPage {
  readonly items: readonly IntegrationRecord[]
  /** Given when there are more. */
  readonly nextCursor?: string
}
