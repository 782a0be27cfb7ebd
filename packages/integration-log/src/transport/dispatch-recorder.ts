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

/** The fields of a call that undici does not need. */
export type CallFields = Pick<
  CallStart,
  'request' | 'requestId' | 'reference' | 'description' | 'retryOf' | 'key' | 'service'
>

/** What is known of a dispatcher. */
export interface DispatcherTraits {
  /** Whether handlers get the chunks of a request's body; undici's own dispatchers pass them on, interceptors do not. */
  readonly tellsChunks: boolean
}

/** Where the calls of a dispatcher come from. */
export interface CallOrigin extends DispatcherTraits {
  readonly base: Dispatcher
  /** The service whose limits apply to the bodies. */
  readonly service: DeclaredService
  readonly fields: CallFields
  /** The body as the caller gave it; fetch hands on only an iterable. */
  readonly givenBody?: unknown
  /** Links the response to its call. */
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
   * @param owner Identifies the app, so that its observer leaves out what is recorded here.
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

  /** Undefined for a call that is not recorded here. Never throws: wrong options are left for undici to refuse. */
  #prepare(from: CallOrigin, options: Options, handler: Handler): Prepared | undefined {
    try {
      if (!isObject(options) || !isObject(handler)) return undefined
      const outer = markOf(options)
      if (outer?.covers(this.#owner)) return undefined
      // Headers that can be read only once are passed on as the list that was read.
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
    // Each redirect has a record of its own, and a key belongs to one record.
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

/** Field by field: spreading objects of varying shapes takes as long as everything else here. */
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
 * A dispatcher with methods of its own that forwards everything else to another one. undici composes interceptors the same way, but
 * turns the headers into objects and back; here their names keep their case.
 *
 * @param own Its own methods, `dispatch` among them.
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
