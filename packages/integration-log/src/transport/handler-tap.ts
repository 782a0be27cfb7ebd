import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { CallHolder } from '../call.js'
import type { Chunk } from './body-tap.js'
import type { CallMark } from './compat-undici.js'
import type { Exchange } from './exchange.js'
import { flatHeaders } from './flat-headers.js'

type WireHeaders = Buffer[] | string[] | null

/** The handler interface of undici 5 to 7; fetch up to Node 24 and undici.request use it. */
export interface EventHandler {
  onConnect?(abort: (reason?: Error) => void, context?: unknown): void
  onResponseStarted?(): void
  onUpgrade?(statusCode: number, headers: WireHeaders, socket: Duplex): void
  onHeaders?(statusCode: number, headers: Buffer[], resume: () => void, statusText: string): boolean
  onData?(chunk: Buffer): boolean
  onComplete?(trailers: string[] | null): void
  onError?(error: Error): void
  onBodySent?(chunk: unknown, totalBytes?: number): void
  onRequestSent?(): void
}

/**
 * Wraps the application's handler and reports to the exchange what passes through. It forwards everything at once and unchanged, and returns
 * what the handler returns, so that bytes, backpressure and errors are the same as without it.
 */
export class HandlerTap implements EventHandler {
  readonly #handler: EventHandler
  readonly #exchange: Exchange
  readonly #mark: CallMark
  readonly #hearsChunks: boolean
  readonly #holder: CallHolder | undefined

  /** @param hearsChunks Whether the chunks of the request's body are reported here and not elsewhere. */
  constructor(
    handler: EventHandler,
    exchange: Exchange,
    mark: CallMark,
    hearsChunks: boolean,
    holder: CallHolder | undefined,
  ) {
    this.#handler = handler
    this.#exchange = exchange
    this.#mark = mark
    this.#hearsChunks = hearsChunks
    this.#holder = holder
  }

  onConnect(abort: (reason?: Error) => void, context?: unknown): void {
    this.#handler.onConnect?.(abort, context)
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.()
  }

  onUpgrade(statusCode: number, headers: WireHeaders, socket: Duplex): void {
    tellSent(this.#exchange, this.#mark)
    this.#exchange.responded(statusCode, flatHeaders(headers))
    this.#exchange.ended()
    this.#handler.onUpgrade?.(statusCode, headers, socket)
  }

  onHeaders(
    statusCode: number,
    headers: Buffer[],
    resume: () => void,
    statusText: string,
  ): boolean {
    tellSent(this.#exchange, this.#mark)
    this.#exchange.responded(statusCode, flatHeaders(headers))
    const wantsMore = this.#handler.onHeaders?.(statusCode, headers, resume, statusText) ?? true
    this.#holder?.headed?.(this.#handler)
    return wantsMore
  }

  onData(chunk: Buffer): boolean {
    this.#exchange.chunkReceived(chunk)
    return this.#handler.onData?.(chunk) ?? true
  }

  onComplete(trailers: string[] | null): void {
    this.#exchange.ended()
    this.#handler.onComplete?.(trailers)
  }

  onError(error: Error): void {
    tellSent(this.#exchange, this.#mark)
    this.#exchange.failed(error)
    // As undici does with a handler that has no place for an error.
    if (this.#handler.onError === undefined) throw error
    this.#handler.onError(error)
  }

  onBodySent(chunk: Chunk, totalBytes?: number): void {
    if (this.#hearsChunks) this.#exchange.chunkSent(chunk)
    this.#handler.onBodySent?.(chunk, totalBytes)
  }

  onRequestSent(): void {
    if (this.#hearsChunks) this.#exchange.requestSent()
    this.#handler.onRequestSent?.()
  }
}

/** Reports the headers that the request was made with, once, where an observer has seen undici make it. */
export function tellSent(exchange: Exchange, mark: CallMark): void {
  const { request } = mark
  if (request === undefined) return
  mark.request = undefined
  exchange.madeWith(flatHeaders(request.headers))
}

type Handler = Dispatcher.DispatchHandler
type Call<Name extends keyof Handler> = Parameters<NonNullable<Handler[Name]>>

/**
 * The same as `HandlerTap` for the handlers that undici 7 brought in and undici 8 has alone, fetch's since Node 26. They are not
 * told of the chunks of a request's body.
 */
export class ControlledTap implements Handler {
  readonly #handler: Handler
  readonly #exchange: Exchange
  readonly #mark: CallMark
  readonly #holder: CallHolder | undefined

  constructor(
    handler: Handler,
    exchange: Exchange,
    mark: CallMark,
    holder: CallHolder | undefined,
  ) {
    this.#handler = handler
    this.#exchange = exchange
    this.#mark = mark
    this.#holder = holder
  }

  onRequestStart(...args: Call<'onRequestStart'>): void {
    this.#handler.onRequestStart?.(...args)
  }

  onResponseStarted(): void {
    this.#handler.onResponseStarted?.()
  }

  onRequestUpgrade(...args: Call<'onRequestUpgrade'>): void {
    const [controller, statusCode, headers] = args
    tellSent(this.#exchange, this.#mark)
    this.#exchange.responded(statusCode, flatHeaders(controller.rawHeaders ?? headers))
    this.#exchange.ended()
    this.#handler.onRequestUpgrade?.(...args)
  }

  onResponseStart(...args: Call<'onResponseStart'>): void {
    const [controller, statusCode, headers] = args
    tellSent(this.#exchange, this.#mark)
    this.#exchange.responded(statusCode, flatHeaders(controller.rawHeaders ?? headers))
    this.#handler.onResponseStart?.(...args)
    this.#holder?.headed?.(this.#handler)
  }

  onResponseData(...args: Call<'onResponseData'>): void {
    this.#exchange.chunkReceived(args[1])
    this.#handler.onResponseData?.(...args)
  }

  onResponseEnd(...args: Call<'onResponseEnd'>): void {
    this.#exchange.ended()
    this.#handler.onResponseEnd?.(...args)
  }

  onResponseError(...args: Call<'onResponseError'>): void {
    tellSent(this.#exchange, this.#mark)
    this.#exchange.failed(args[1])
    // As undici does with a handler that has no place for an error.
    if (this.#handler.onResponseError === undefined) throw args[1]
    this.#handler.onResponseError(...args)
  }
}
