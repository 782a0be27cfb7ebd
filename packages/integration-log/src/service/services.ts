import type { FastifyRequest } from 'fastify'
import type { CallHolder, CallRecorder, FailureListener } from '../call.js'
import type { ResolvedOptions } from '../options.js'
import type { ResolvedService } from '../service-options.js'
import { DispatchRecorder } from '../transport/dispatch-recorder.js'
import { CLOSE_AFTER_MS, Connections } from './connections.js'
import type { IntegrationRequestInit } from './fetch-arguments.js'
import { Answers, Service, type ServiceCaller } from './service.js'

/** The declared services, ready to be called, and their connections. */
class Services implements ServiceCaller {
  readonly #calls: DispatchRecorder
  readonly #answers = new Answers()
  readonly #connections = new Map<string, Connections>()
  readonly #ofApp = new Map<string, Service>()

  constructor(calls: DispatchRecorder) {
    this.#calls = calls
  }

  of(service: ResolvedService, request?: FastifyRequest): Service {
    if (request !== undefined) return this.#create(service, request)
    const known = this.#ofApp.get(service.name) ?? this.#create(service, undefined)
    this.#ofApp.set(service.name, known)
    return known
  }

  async send(
    service: ResolvedService,
    holder: CallHolder,
    url: string,
    init: IntegrationRequestInit,
  ): Promise<Response> {
    return await this.of(service).send(url, init, holder)
  }

  holderOf(response: unknown): CallHolder | undefined {
    return this.#answers.of(response)
  }

  async close(closeAfterMs: number = CLOSE_AFTER_MS): Promise<void> {
    await Promise.all([...this.#connections.values()].map((each) => each.close(closeAfterMs)))
  }

  #create(service: ResolvedService, request: FastifyRequest | undefined): Service {
    let connections = this.#connections.get(service.name)
    if (connections === undefined) {
      connections = new Connections(service)
      this.#connections.set(service.name, connections)
    }
    return new Service(service, connections, this.#calls, this.#answers, request)
  }
}

/**
 * Makes services ready to be called, each with connections of its own.
 *
 * @param options Stands for the app: what its services record, its observer leaves out.
 */
export function createServiceCaller(
  recorder: CallRecorder,
  options: ResolvedOptions,
  onFailure: FailureListener,
): Services {
  return new Services(new DispatchRecorder(recorder, options, true, onFailure))
}
