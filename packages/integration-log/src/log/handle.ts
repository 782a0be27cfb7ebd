import type { IntegrationRecord, IntegrationStatus } from '../record.js'

/** A record that the application writes to itself. Each change is handed to the store at once. Its functions may be handed on by themselves. */
export interface IntegrationHandle {
  /** The record's id. */
  readonly id: string
  /** The record as it is now, redacted. */
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
   * From Frappe's `update_status`.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD when the status is none, or the fields are no object
   */
  readonly update: (params: Readonly<Record<string, unknown>>, status?: IntegrationStatus) => void
}
