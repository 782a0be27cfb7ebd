import type { IntegrationService } from './integration-service.js'
import type { IntegrationFilter, IntegrationPage } from './log/find.js'
import type { IntegrationHandle } from './log/handle.js'
import type { LogFields } from './log/log-fields.js'
import type { AnyResponse, ResponseFields } from './log/response-fields.js'
import type { IntegrationStats } from './log/stats.js'
import type { IntegrationRecord } from './record.js'
import type { ServiceName } from './service-name.js'

/** What a request is decorated with, as `request.integrations`: its records are tied to the request. */
export interface RequestIntegrations {
  /** A declared service. @throws SCS_INTEGRATION_ERR_SERVICE_UNKNOWN */
  service(name: ServiceName): IntegrationService

  /**
   * Records a call that the application made itself. From Frappe's `create_request_log`.
   *
   * @throws SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_ID
   */
  log(fields: LogFields): IntegrationHandle

  /**
   * Records a call by its response, whose body stays for the application to read. From the page's `insert_log`.
   *
   * @throws SCS_INTEGRATION_ERR_RESPONSE, SCS_INTEGRATION_ERR_FIELD, SCS_INTEGRATION_ERR_ID
   */
  logResponse(response: AnyResponse, fields?: ResponseFields): IntegrationHandle
}

/** What the plugin decorates the app with, as `app.integrations`. */
export interface Integrations extends RequestIntegrations {
  /** Finds records, newest first, a page at a time. @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws */
  find(filter?: IntegrationFilter): Promise<IntegrationPage>
  /** One record by its id. @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws */
  get(id: string): Promise<IntegrationRecord | undefined>
  /**
   * A handle on a record that is stored, to bring it up to date: a webhook that completes a payment begun earlier.
   *
   * @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws
   */
  resume(id: string): Promise<IntegrationHandle | undefined>
  /**
   * Removes old integration records now; returns how many went. What else the store keeps stays.
   *
   * @throws SCS_INTEGRATION_ERR_NO_STORE, and what the store throws
   */
  prune(limits: { readonly olderThanDays: number }): Promise<number>
  /** What was recorded and what was not. */
  stats(): IntegrationStats
  /** Resolves once everything that has ended so far is handed to the store. */
  settled(): Promise<void>
}
