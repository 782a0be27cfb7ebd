import type { RecordKey } from '@fastify-scs/core/kit'
import type { FastifyIntegrations } from 'fastify'
import type { IntegrationFilter, IntegrationPage } from './find/record-finder.js'
import type { IntegrationHandle } from './log/handle.js'
import type { LoggedFields } from './log/log-fields.js'
import type { IntegrationStats } from './log/stats.js'
import type { IntegrationRecord } from './record.js'
import type { Loggable, ResponseFields } from './responses/read-response.js'
import type { RetryAllOptions, RetryFilter, RetryReport } from './retry/retry-run.js'
import type { IntegrationService } from './service/service.js'

/** `request.integrations`: its records belong to the request. */
export interface RequestIntegrations {
  /** A declared service. @throws SCS_INTEGRATION_ERR_SERVICE_UNKNOWN */
  service(name: ServiceName): IntegrationService

  /**
   * The record of a response of a service's `fetch`, or of `undici.request` through its `dispatcher`; available at once and as long as
   * the response is held. What the application sets stays, before and after the end of the call. Undefined for any other response.
   */
  of(response: unknown): IntegrationHandle | undefined

  /**
   * Records a call that the application made itself. From Frappe's `create_request_log`, whose names it takes too.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_ID; SCS_INTEGRATION_ERR_KEY_TAKEN where this process knows it
   */
  log(fields: LoggedFields): IntegrationHandle

  /**
   * Records a call by its response, whose body stays for the application to read, or by the error that came instead of one. From the
   * page's `insert_log`.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_ID, SCS_INTEGRATION_ERR_KEY_TAKEN for a response;
   *   SCS_INTEGRATION_ERR_RESPONSE for a promise; none for an error or anything else that was thrown: a wrong field is left
   *   out, counted and logged
   */
  logResponse<Given>(response: Given & Loggable<Given>, fields?: ResponseFields): IntegrationHandle
}

/** `app.integrations`. */
export interface Integrations extends RequestIntegrations {
  /**
   * Finds records, newest first, a page at a time. Records that this process still holds are stored first; `waiting` says how many
   * could not be stored in time.
   *
   * @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws
   */
  find(filter?: IntegrationFilter): Promise<IntegrationPage>
  /**
   * One record by its id or its key, with what this process has written of it.
   *
   * @throws SCS_INTEGRATION_ERR_NO_STORE, SCS_INTEGRATION_ERR_FIELD, and what the store throws
   */
  get(which: string | RecordKey): Promise<IntegrationRecord | undefined>
  /**
   * A handle on a record, by its id or its key, to bring it up to date: a webhook that completes a payment begun earlier.
   *
   * @throws SCS_INTEGRATION_ERR_NO_STORE, SCS_INTEGRATION_ERR_FIELD, and what the store throws
   */
  resume(which: string | RecordKey): Promise<IntegrationHandle | undefined>
  /**
   * Sends all failed outbound calls of a filter again, newest first, as `retry` of a handle does; those that were sent again with
   * success since are left out.
   *
   * @throws SCS_INTEGRATION_ERR_NO_STORE, SCS_INTEGRATION_ERR_FIELD, and what the store throws
   */
  retryAll(filter?: RetryFilter, options?: RetryAllOptions): Promise<RetryReport>
  /**
   * Removes old integration records now; returns how many went. What else the store keeps stays.
   *
   * @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws
   */
  prune(limits: { readonly olderThanDays: number }): Promise<number>
  /** Counts of what was recorded and what was not. */
  stats(): IntegrationStats
  /** Resolves once everything that has ended so far is handed to the store. */
  settled(): Promise<void>
}

/** The names of the declared services, where the application declares them as a type; else any string. */
export type ServiceName = FastifyIntegrations extends {
  readonly services: infer Names extends string
}
  ? Names
  : string
