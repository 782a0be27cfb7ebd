import { isObject, readField } from '@fastify-scs/core/kit'
import type { FastifyRequest } from 'fastify'
import type { Dispatcher } from 'undici'
import type { CallHolder, OpenCall } from '../call.js'
import type { ResolvedService } from '../service-options.js'
import { bodyOfHandler, isMockActive } from '../transport/compat-undici.js'
import {
  type CallFields,
  type CallOrigin,
  type DispatchRecorder,
  recordingDispatcher,
} from '../transport/dispatch-recorder.js'
import type { Connections } from './connections.js'
import type { IntegrationRequestInit } from './fetch-arguments.js'
import { requestTarget, splitInit } from './fetch-arguments.js'

/** A dispatcher for one call: only the methods that fetch uses. */
class CallDispatcher {
  readonly #calls: DispatchRecorder
  readonly #from: CallOrigin

  constructor(calls: DispatchRecorder, from: CallOrigin) {
    this.#calls = calls
    this.#from = from
  }

  /** Makes fetch hand on the body as it was given, which MockAgent needs. */
  get isMockActive(): unknown {
    return isMockActive(this.#from.base)
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#calls.dispatch(this.#from, options, handler)
  }
}

/** A declared service as the application calls it; if made with a request, its calls belong to that. */
export class Service implements IntegrationService {
  readonly name: string
  /** A field, so that it works without the object, as a callback. */
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

/** A declared service, as the application calls it. */
export interface IntegrationService {
  readonly name: string
  /**
   * As the global fetch; relative URLs lead to the service's origin. Works without the object, for an SDK that takes a `fetch`.
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
  /** As the service's fetch; the holder gets the call, also one without a response. */
  send(
    service: ResolvedService,
    holder: CallHolder,
    url: string,
    init: IntegrationRequestInit,
  ): Promise<Response>
  /** The call of a response; undefined for a response that no service gave. */
  holderOf(response: unknown): CallHolder | undefined
  /** Closes the connections. */
  close(): Promise<void>
}

/** Finds the call of a response; a response that was garbage-collected is forgotten. */
export class Answers {
  readonly #holders = new WeakMap<object, CallHolder>()

  /** The response, or the body of one, is that of the call. */
  add(response: object, holder: CallHolder): void {
    this.#holders.set(response, holder)
  }

  /** The call of a response of fetch or undici; undefined for a response that no service gave. */
  of(response: unknown): CallHolder | undefined {
    if (!isObject(response)) return undefined
    const body = readField(response, 'body')
    return this.#holders.get(response) ?? (isObject(body) ? this.#holders.get(body) : undefined)
  }
}

/** Keeps the call of a service's dispatcher, whose response undici makes: its body is a field of undici's own handler, in 6 to 8. */
export class AnswerHolder implements CallHolder {
  call: OpenCall | undefined
  record: object | undefined
  readonly #answers: Answers

  constructor(answers: Answers) {
    this.#answers = answers
  }

  headed(handler: object): void {
    const body = bodyOfHandler(handler)
    if (body !== undefined) this.#answers.add(body, this)
  }
}
