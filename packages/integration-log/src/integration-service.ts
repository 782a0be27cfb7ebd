import type { FastifyRequest } from 'fastify'
import type { Dispatcher } from 'undici'
import type { CallHolder } from './call.js'
import type { ResolvedService } from './options-service.js'
import type { Reference } from './record.js'

/** What a service's fetch takes beside the options of fetch. */
export interface IntegrationRequestInit extends RequestInit {
  /** The business record that the call belongs to. */
  readonly reference?: Reference
  readonly description?: string
  /** The application's own name for the record, unique among those of the service, up to 200 characters. */
  readonly key?: string
  /** @default the id of the request that is being handled */
  readonly requestId?: string
  /** The id of the attempt that this one repeats. */
  readonly retryOf?: string
}

/** A declared service, as the application calls it. */
export interface IntegrationService {
  readonly name: string
  /**
   * As fetch, a relative URL leading to the service's origin; may be handed on by itself, to an SDK that takes a `fetch`.
   *
   * @throws SCS_INTEGRATION_ERR_URL, and what fetch throws; as a rejection
   */
  readonly fetch: (
    input: string | URL | Request,
    init?: IntegrationRequestInit,
  ) => Promise<Response>
  /** The service's connections, for `undici.request(url, { dispatcher })` and the like; such calls are recorded too. */
  readonly dispatcher: Dispatcher
}

/** Makes services ready to be called. */
export interface ServiceCaller {
  /** The service; with a request its calls belong to that one. */
  of(service: ResolvedService, request?: FastifyRequest): IntegrationService
  /** As the service's fetch; the holder keeps the call, also one that there is no response of. */
  send(
    service: ResolvedService,
    holder: CallHolder,
    url: string,
    init: IntegrationRequestInit,
  ): Promise<Response>
  /** The call that a response was given for; undefined for one that is none of a service's. */
  holderOf(response: unknown): CallHolder | undefined
  /** Lets go of the connections. */
  close(): Promise<void>
}
