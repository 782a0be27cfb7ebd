import type { ClientRequest, IncomingMessage } from 'node:http'
import type { CallRecorder, FailureListener } from '../call.js'
import { clientRequestUrl } from './call-url.js'
import type { ChannelListeners } from './channels.js'
import { type DeclaredService, Exchange } from './exchange.js'
import { flatHeaders } from './flat-headers.js'

interface HttpMessage {
  readonly request: ClientRequest
  readonly response?: IncomingMessage
  readonly error?: unknown
}

/** The calls of node:http and node:https, and so of axios, got and the AWS SDK. No channel has their bodies. */
export class ObservedHttp {
  readonly #recorder: CallRecorder
  readonly #serviceAt: (origin: string) => DeclaredService | undefined
  readonly #onFailure: FailureListener
  /** Undefined for a request that is not to be recorded. */
  readonly #heard = new WeakMap<ClientRequest, Exchange | undefined>()

  constructor(
    recorder: CallRecorder,
    serviceAt: (origin: string) => DeclaredService | undefined,
    onFailure: FailureListener,
  ) {
    this.#recorder = recorder
    this.#serviceAt = serviceAt
    this.#onFailure = onFailure
  }

  /** The channels; the first is silent on Node 20. */
  listeners(): ChannelListeners<HttpMessage> {
    return {
      'http.client.request.created': ({ request }) => this.#begin(request),
      // Published when the request was written; on Node 20 it is the first event.
      'http.client.request.start': ({ request }) => {
        if (!this.#heard.has(request)) this.#begin(request)
        else this.#heard.get(request)?.sentWith(flatHeaders(request.getHeaders()))
      },
      // Published when the head of the answer has arrived.
      'http.client.response.finish': ({ request, response }) => {
        const exchange = this.#heard.get(request)
        if (exchange !== undefined && response !== undefined) this.#respond(exchange, response)
      },
      'http.client.request.error': ({ request, error }) => this.#heard.get(request)?.failed(error),
    }
  }

  #begin(request: ClientRequest): void {
    // A tunnel through a proxy is not a call; what goes through it is.
    if (request.method === 'CONNECT') return
    const url = clientRequestUrl(request)
    const service = this.#serviceAt(URL.canParse(url) ? new URL(url).origin : '')
    const requestHeaders = flatHeaders(request.getHeaders())
    const call = this.#recorder.begin({
      ...(service === undefined ? undefined : { service: service.name }),
      method: request.method,
      url,
      requestHeaders,
      hidesBodies: true,
    })
    if (call === undefined) {
      this.#heard.set(request, undefined)
      return
    }
    const exchange = new Exchange(call, undefined, requestHeaders, this.#onFailure)
    this.#heard.set(request, exchange)
    request.once('close', () => this.#closed(request, exchange))
  }

  /** Listens to the end only: listeners to data or errors would change what the application sees. */
  #respond(exchange: Exchange, response: IncomingMessage): void {
    exchange.responded(response.statusCode ?? 0, response.rawHeaders)
    response.once('close', () => {
      if (response.complete && !response.errored) exchange.ended()
      else exchange.failed(response.errored ?? new Error('The answer broke off'))
    })
  }

  /** Without an answer by now, none will come. An upgrade is answered, but no channel publishes it. */
  #closed(request: ClientRequest, exchange: Exchange): void {
    if (exchange.hasResponded) return
    const { res } = request as { res?: IncomingMessage | null }
    if (res?.statusCode === 101) {
      exchange.responded(res.statusCode, res.rawHeaders)
      exchange.ended()
      return
    }
    exchange.failed(request.errored ?? new Error('The request was closed before an answer'))
  }
}
