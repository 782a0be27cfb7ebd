import type { CallRecorder, FailureListener } from '../call.js'
import type { Chunk } from './body-tap.js'
import { callUrl, originOf } from './call-url.js'
import type { ChannelListeners } from './channels.js'
import { markOf, type UpgradeListener, watchUpgrade } from './compat-undici.js'
import { type DeclaredService, Exchange } from './exchange.js'
import { flatHeaders } from './flat-headers.js'

/** undici's request as its channels publish it, in all versions. */
interface UndiciRequest {
  readonly origin?: string | URL
  readonly path: string
  readonly method: string
  readonly headers?: unknown
  readonly body?: unknown
  readonly idempotent?: unknown
  readonly blocking?: unknown
  /** The protocol that is asked for, or null. */
  readonly upgrade?: unknown
}

interface UndiciResponse {
  readonly statusCode: number
  readonly headers: unknown
}

interface UndiciMessage {
  readonly request: UndiciRequest
  readonly response?: UndiciResponse
  readonly chunk?: Chunk
  readonly error?: unknown
}

/** The calls that undici's diagnostics channels report: those of the built-in fetch, and of every copy of undici. */
export class ObservedUndici {
  readonly #recorder: CallRecorder
  readonly #owner: object
  readonly #serviceAt: (origin: string) => DeclaredService | undefined
  readonly #onFailure: FailureListener
  readonly #heard = new WeakMap<object, Exchange>()

  constructor(
    recorder: CallRecorder,
    owner: object,
    serviceAt: (origin: string) => DeclaredService | undefined,
    onFailure: FailureListener,
  ) {
    this.#recorder = recorder
    this.#owner = owner
    this.#serviceAt = serviceAt
    this.#onFailure = onFailure
  }

  /** The channels; those of the chunks are silent in the undici of Node 20 and 22. */
  listeners(): ChannelListeners<UndiciMessage> {
    return {
      'undici:request:create': ({ request }) => this.#begin(request),
      'undici:request:bodyChunkSent': ({ request, chunk }) => {
        if (chunk !== undefined) this.#heard.get(request)?.chunkSent(chunk)
      },
      'undici:request:bodySent': ({ request }) => this.#heard.get(request)?.requestSent(),
      'undici:request:headers': ({ request, response }) => {
        const exchange = this.#heard.get(request)
        if (exchange === undefined || response === undefined) return
        respond(exchange, request, response)
      },
      'undici:request:bodyChunkReceived': ({ request, chunk }) => {
        if (chunk !== undefined) this.#heard.get(request)?.chunkReceived(chunk)
      },
      'undici:request:trailers': ({ request }) => this.#heard.get(request)?.ended(),
      'undici:request:error': ({ request, error }) => {
        const exchange = this.#heard.get(request)
        if (exchange === undefined) return
        exchange.madeWith(flatHeaders(request.headers))
        exchange.failed(error)
      },
    }
  }

  #begin(request: UndiciRequest): void {
    const mark = markOf(request)
    if (mark !== undefined && mark.owner === this.#owner) mark.request = request
    if (mark?.covers(this.#owner)) return
    // A tunnel through a proxy is not a call; what goes through it is.
    if (request.method === 'CONNECT') return
    const service = this.#serviceAt(originOf(request.origin))
    const requestHeaders = flatHeaders(request.headers)
    const call = this.#recorder.begin({
      ...(service === undefined ? undefined : { service: service.name }),
      method: request.method,
      url: callUrl(request),
      requestHeaders,
    })
    if (call === undefined) return
    const exchange = new Exchange(call, service, requestHeaders, this.#onFailure)
    exchange.knowRequestBody(request.body)
    this.#heard.set(request, exchange)
    if (request.upgrade) this.#watchUpgrade(request, exchange)
  }

  /** The answer to an upgrade ends the call; what follows on the connection is no part of it. */
  #watchUpgrade(request: UndiciRequest, exchange: Exchange): void {
    const upgraded: UpgradeListener = (statusCode, headers) => {
      respond(exchange, request, { statusCode, headers })
      exchange.ended()
    }
    watchUpgrade(request, upgraded, this.#onFailure)
  }
}

function respond(
  exchange: Exchange,
  request: UndiciRequest,
  { statusCode, headers }: UndiciResponse,
): void {
  exchange.madeWith(flatHeaders(request.headers))
  exchange.responded(statusCode, flatHeaders(headers))
}
