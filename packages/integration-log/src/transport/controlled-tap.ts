import type { Dispatcher } from 'undici'
import type { CallHolder } from '../call.js'
import type { CallMark } from './call-mark.js'
import type { Exchange } from './exchange.js'
import { tellSent } from './handler-tap.js'
import { flatHeaders } from './raw-headers.js'

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
