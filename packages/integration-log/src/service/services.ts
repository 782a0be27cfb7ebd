import { within } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { Dispatcher, Agent as UndiciAgent } from 'undici'
import type { CallHolder, CallRecorder, FailureListener } from '../call.js'
import type { ResolvedOptions } from '../options.js'
import type { ResolvedService } from '../service-options.js'
import { Agent, Client, isDestroyed, Pool, ProxyAgent } from '../transport/compat-undici.js'
import { DispatchRecorder } from '../transport/dispatch-recorder.js'
import { Answers, type IntegrationRequestInit, Service, type ServiceCaller } from './service.js'

/** Makes the declared services callable, and owns their connections. */
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

/** Milliseconds that calls under way have to end when the app closes, before their connections are cut. */
export const CLOSE_AFTER_MS = 2_000

/** The connections of one service, opened when they are first needed. */
export class Connections {
  readonly #service: ResolvedService
  /** An agent that closes forgets these, and then can't cut them. */
  readonly #pools = new Set<Dispatcher>()
  #agent: Dispatcher | undefined

  constructor(service: ResolvedService) {
    this.#service = service
  }

  /** The service's agent. @throws what undici throws for options that it does not take */
  agent(): Dispatcher {
    this.#agent ??= this.#open()
    return this.#agent
  }

  /** Takes no new calls, lets those under way end, and cuts those that have not by the deadline. */
  async close(closeAfterMs: number): Promise<void> {
    const agent = this.#agent
    if (agent === undefined) return
    await within(agent.close(), closeAfterMs)
    await Promise.all([agent.destroy(), ...[...this.#pools].map((pool) => pool.destroy())])
    this.#pools.clear()
  }

  #open(): Dispatcher {
    const { proxy, agent } = this.#service
    const { factory = createPool } = agent
    const options: UndiciAgent.Options = {
      ...agent,
      factory: (origin, poolOptions) => this.#keep(factory(origin, poolOptions)),
    }
    return proxy === undefined ? new Agent(options) : new ProxyAgent({ ...options, uri: proxy })
  }

  #keep(pool: Dispatcher): Dispatcher {
    for (const each of this.#pools) if (isDestroyed(each)) this.#pools.delete(each)
    this.#pools.add(pool)
    return pool
  }
}

/** As undici does by itself. */
function createPool(origin: string | URL, options: object): Dispatcher {
  const { connections } = options as { connections?: number | null }
  return connections === 1 ? new Client(origin, options) : new Pool(origin, options)
}
