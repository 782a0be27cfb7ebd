import type { FastifyRequest } from 'fastify'
import type { Dispatcher } from 'undici'
import type { CallHolder } from '../call.js'
import type { IntegrationRequestInit, IntegrationService } from '../integration-service.js'
import type { ResolvedService } from '../options-service.js'
import type { CallFields, CallOrigin, DispatchRecorder } from '../transport/dispatch-recorder.js'
import { recordingDispatcher } from '../transport/recording-dispatcher.js'
import { AnswerHolder, type Answers } from './answers.js'
import type { Connections } from './connections.js'
import { splitInit } from './fetch-init.js'
import { requestTarget } from './request-url.js'

/** What fetch needs of a dispatcher, for one call. */
class CallDispatcher {
  readonly #calls: DispatchRecorder
  readonly #from: CallOrigin

  constructor(calls: DispatchRecorder, from: CallOrigin) {
    this.#calls = calls
    this.#from = from
  }

  /** Fetch hands the body on as it was given to a MockAgent, which asks for it. */
  get isMockActive(): unknown {
    return (this.#from.base as { isMockActive?: unknown }).isMockActive
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#calls.dispatch(this.#from, options, handler)
  }
}

/** A declared service, as the application calls it: with a request, its calls belong to that one. */
export class Service implements IntegrationService {
  readonly name: string
  /** Of the object itself, so that it can be handed on without it. */
  readonly fetch: IntegrationService['fetch'] = (input, init) =>
    this.send(input, init, { call: undefined, record: undefined })
  readonly #service: ResolvedService
  readonly #connections: Connections
  readonly #calls: DispatchRecorder
  readonly #answers: Answers
  readonly #request: FastifyRequest | undefined
  #dispatcher: Dispatcher | undefined

  constructor(
    service: ResolvedService,
    connections: Connections,
    calls: DispatchRecorder,
    answers: Answers,
    request: FastifyRequest | undefined,
  ) {
    this.name = service.name
    this.#service = service
    this.#connections = connections
    this.#calls = calls
    this.#answers = answers
    this.#request = request
  }

  /** The service's connections for `undici.request(url, { dispatcher })` and the like; the origin may be left out. */
  get dispatcher(): Dispatcher {
    this.#dispatcher ??= this.#createDispatcher()
    return this.#dispatcher
  }

  /**
   * As the global fetch, which it calls: a relative URL leads to the service's origin, and each exchange, one for every redirect
   * that is followed, becomes a record.
   *
   * @param holder Keeps the call.
   * @throws SCS_INTEGRATION_ERR_URL for another origin, and what fetch throws; as a rejection
   */
  async send(
    input: string | URL | Request,
    given: IntegrationRequestInit | undefined,
    holder: CallHolder,
  ): Promise<Response> {
    const target = requestTarget(this.#service, input)
    const { init, fields, knownBody } = splitInit(given)
    const base = init.dispatcher ?? this.#connections.agent()
    const dispatcher = new CallDispatcher(this.#calls, {
      base,
      tellsChunks: init.dispatcher === undefined,
      service: this.#service,
      fields: this.#known(fields),
      givenBody: knownBody,
      holder,
    })
    // The type of the global fetch asks for all of a dispatcher; it uses no more than this.
    const response = await globalThis.fetch(target, Object.assign(init, { dispatcher }) as object)
    this.#answers.add(response, holder)
    return response
  }

  #createDispatcher(): Dispatcher {
    const base = this.#connections.agent()
    const service = this.#service
    const { origin } = service
    const fields = this.#known({})
    return recordingDispatcher(base, {
      dispatch: (options, handler) => {
        const isComplete = origin === undefined || options.origin
        const complete = isComplete ? options : { ...options, origin }
        const holder = new AnswerHolder(this.#answers)
        const from = { base, tellsChunks: true, service, fields, holder }
        return this.#calls.dispatch(from, complete, handler)
      },
    })
  }

  #known(fields: CallFields): CallFields {
    const service = this.#service.name
    const request = this.#request
    return Object.assign(fields, request === undefined ? { service } : { service, request })
  }
}
