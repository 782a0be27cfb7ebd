import type { IntegrationRecord, IntegrationStatus, Reference } from '../record.js'

/**
 * A record that the application writes to itself. Each change is handed to the store at once; of two changes of one field the last one
 * wins, whatever handle or process it comes from. Its functions may be handed on by themselves.
 */
export interface IntegrationHandle {
  /** The record's id. */
  readonly id: string
  /** The record as it is now, redacted. All handles of a record in a process share it. */
  readonly record: IntegrationRecord
  /** Sets the status `Authorized`. */
  readonly authorize: () => void
  /** Sets `Completed`, and the output when one is given. From Frappe's `handle_success`. */
  readonly complete: (output?: unknown) => void
  /** Sets `Failed`, and the error when one is given. From Frappe's `handle_failure`. */
  readonly fail: (error?: unknown) => void
  /** Sets the status `Cancelled`. */
  readonly cancel: () => void
  /**
   * Merges fields into `data`, and sets the status when one is given. Data that is no object is kept under the key `data`.
   * `reference_doctype` with `reference_docname`, or `reference` as `{ type, id }`, is the record's reference too, and
   * `request_description` its description. From Frappe's `update_status`.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD when the status is none, the fields are no object, or one is a slip of such a name
   */
  readonly update: (params: Readonly<Record<string, unknown>>, status?: IntegrationStatus) => void
  /**
   * Ties the record to its business record. A key that another record of the service has is not kept, which is counted and logged.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD
   */
  readonly refer: (to: ReferFields) => void
  /**
   * Sends a failed outbound call again through its service, which has the option `retry`: the same method, URL, headers and body, as
   * far as the record has them (JSON is the same value, and not the same bytes). The new record is linked by `retryOf`.
   *
   * @throws SCS_INTEGRATION_ERR_RETRY where the record has not all of it, and what the service's fetch throws; as a rejection
   */
  readonly retry: () => Promise<RetriedCall>
}

/** A call that was sent again. */
export interface RetriedCall {
  /** As fetch gives it; its body is there to be read. */
  readonly response: Response
  /** The new record, which is complete once the answer has ended. */
  readonly handle: IntegrationHandle
}

/** What a record is tied to. */
export interface ReferFields extends Reference {
  /** The application's own name for the record. */
  readonly key?: string
  readonly description?: string
}
