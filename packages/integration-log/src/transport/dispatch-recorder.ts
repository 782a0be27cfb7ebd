import { isObject } from '@fastify-scs/core/kit'
import type { Dispatcher } from 'undici'
import {
  type CallHolder,
  type CallRecorder,
  type CallStart,
  type FailureListener,
  quietly,
} from '../call.js'
import type { RawHeaders } from '../raw-headers.js'
import { isPlainIterable, tappedIterable } from './body-tap.js'
import { callUrl } from './call-url.js'
import { CallMark, markOf, withMark } from './compat-undici.js'
import { type DeclaredService, Exchange } from './exchange.js'
import { flatHeaders, isReadOnce } from './flat-headers.js'
import { ControlledTap, type EventHandler, HandlerTap } from './handler-tap.js'

type Options = Dispatcher.DispatchOptions
type Handler = Dispatcher.DispatchHandler

/** What is known of a call beside what undici is told. */
export type CallFields = Pick<
  CallStart,
  'request' | 'requestId' | 'reference' | 'description' | 'retryOf' | 'key' | 'service'
>

/** What a dispatcher is known to do. */
export interface DispatcherTraits {
  /** Whether handlers are told of the chunks of a request's body: undici's own dispatchers do it, interceptors lose it. */
  readonly tellsChunks: boolean
}

/** How calls come to a dispatcher. */
export interface CallOrigin extends DispatcherTraits {
  readonly base: Dispatcher
  /** Whose limits hold for the bodies. */
  readonly service: DeclaredService
  readonly fields: CallFields
  /** The body as the caller gave it; fetch hands on only an iterable. */
  readonly givenBody?: unknown
  /** Who keeps the call for whoever gets its answer. */
  readonly holder?: CallHolder
}

/** A call as it is about to be dispatched. */
interface Prepared {
  readonly options: Options
  readonly handler: Handler
  readonly exchange: Exchange
}

/** Records the calls that pass through a dispatcher. */
export class DispatchRecorder {
  readonly #recorder: CallRecorder
  readonly #owner: object
  readonly #isService: boolean
  readonly #onFailure: FailureListener

  /**
   * @param owner What stands for the app, so that what it sees here its observer leaves out.
   * @param isService Whether the calls are those of a service, which no other app records.
   */
  constructor(
    recorder: CallRecorder,
    owner: object,
    isService: boolean,
    onFailure: FailureListener,
  ) {
    this.#recorder = recorder
    this.#owner = owner
    this.#isService = isService
    this.#onFailure = quietly(onFailure)
  }

  /** Dispatches as the dispatcher does, and records it. */
  dispatch(from: CallOrigin, options: Options, handler: Handler): boolean {
    const call = this.#prepare(from, options, handler)
    if (call === undefined) return from.base.dispatch(options, handler)
    try {
      return from.base.dispatch(call.options, call.handler)
    } catch (error) {
      call.exchange.failed(error)
      throw error
    }
  }

  /** Undefined for a call that is not recorded here. Never throws: what undici refuses is for undici to refuse. */
  #prepare(from: CallOrigin, options: Options, handler: Handler): Prepared | undefined {
    try {
      if (!isObject(options) || !isObject(handler)) return undefined
      const outer = markOf(options)
      if (outer?.covers(this.#owner)) return undefined
      // What can be read only once is handed on as it was read, all of it.
      const isOnce = isReadOnce(options.headers)
      const headers = flatHeaders(options.headers, isOnce ? Number.POSITIVE_INFINITY : undefined)
      const exchange = this.#begin(from, options, headers)
      if (exchange === undefined) return undefined
      const mark = new CallMark(this.#owner, this.#isService, outer)
      const marked = withMark(options, mark)
      if (isOnce) marked.headers = headers as string[]
      return tap(marked, handler, exchange, mark, from)
    } catch (error) {
      this.#onFailure(error)
      return undefined
    }
  }

  #begin(from: CallOrigin, options: Options, requestHeaders: RawHeaders): Exchange | undefined {
    const start = startOf(from.fields, options, requestHeaders)
    // What it is redirected to is another record, and a key names one.
    const { holder } = from
    if (holder?.call !== undefined || holder?.record !== undefined) delete start.key
    const call = this.#recorder.begin(start)
    if (call === undefined) return undefined
    if (holder !== undefined) {
      holder.call = call
      holder.record = undefined
      call.holder = holder
    }
    const exchange = new Exchange(call, from.service, requestHeaders, this.#onFailure)
    // A redirect may have dropped the body that the caller gave.
    const isSent = options.body !== null && options.body !== undefined
    if (isSent) exchange.knowRequestBody(from.givenBody ?? options.body)
    return exchange
  }
}

type Start = { -readonly [Name in keyof CallStart]: CallStart[Name] }

/** Field by field, since spreading an object of any shape takes as long as all of the rest. */
function startOf(fields: CallFields, options: Options, requestHeaders: RawHeaders): Start {
  const start: Start = {
    method: options.method,
    url: callUrl(options),
    requestHeaders,
  }
  if (fields.service !== undefined) start.service = fields.service
  if (fields.request !== undefined) start.request = fields.request
  if (fields.requestId !== undefined) start.requestId = fields.requestId
  if (fields.reference !== undefined) start.reference = fields.reference
  if (fields.description !== undefined) start.description = fields.description
  if (fields.retryOf !== undefined) start.retryOf = fields.retryOf
  if (fields.key !== undefined) start.key = fields.key
  return start
}

function tap(
  options: Options,
  handler: Handler,
  exchange: Exchange,
  mark: CallMark,
  { tellsChunks, holder }: CallOrigin,
): Prepared {
  const isControlled = handler.onRequestStart !== undefined
  const body: unknown = options.body
  const isTapped =
    exchange.wantsRequestChunks && (isControlled || !tellsChunks) && isPlainIterable(body)
  // The type does not know of the iterables that undici takes.
  if (isTapped) options.body = tappedIterable(body, exchange) as unknown as Options['body'] & {}
  return {
    options,
    exchange,
    handler: isControlled
      ? new ControlledTap(handler, exchange, mark, holder)
      : (new HandlerTap(
          handler as EventHandler,
          exchange,
          mark,
          !isTapped,
          holder,
        ) as unknown as Handler),
  }
}

/**
 * A dispatcher that is another one in everything but how it dispatches. The same way undici composes interceptors, without
 * making objects of the headers and back: names keep their case.
 *
 * @param own What it has of its own, `dispatch` among it.
 */
export function recordingDispatcher(
  base: Dispatcher,
  own: { readonly dispatch: Dispatcher['dispatch'] } & Readonly<Record<symbol, unknown>>,
): Dispatcher {
  return new Proxy(base, {
    get: (target, key) =>
      Object.hasOwn(own, key) ? Reflect.get(own, key) : Reflect.get(target, key),
  })
}
