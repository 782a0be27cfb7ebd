import type { WebhookOptions } from './inbound/webhook-options.js'
import type { Integrations, RequestIntegrations } from './integrations.js'
import type { IntegrationHandle } from './log/handle.js'
import type { StoredIntegrationRecord } from './record.js'

declare module 'fastify' {
  interface FastifyStoredRecords {
    integration_requests: StoredIntegrationRecord
  }

  /**
   * The application can declare the names of its services here, so that a misspelt one does not compile:
   * `declare module 'fastify' { interface FastifyIntegrations { services: 'stripe' | 'payments' } }`.
   */
  interface FastifyIntegrations {}

  interface FastifyInstance {
    /** The declared services, and the log of calls from and to the outside world. */
    readonly integrations: Integrations
  }

  interface FastifyRequest {
    /** The same, tied to this request. */
    readonly integrations: RequestIntegrations
    /** The record of this request, on a route with the option `integration`. @throws SCS_INTEGRATION_ERR_NOT_A_WEBHOOK */
    readonly integration: IntegrationHandle
  }

  interface RouteShorthandOptions {
    /** Records each call of the route: it is a webhook of this service. */
    integration?: WebhookOptions
  }

  interface FastifyContextConfig {
    /** As the route option of the same name, which wins. */
    integration?: WebhookOptions
  }
}
