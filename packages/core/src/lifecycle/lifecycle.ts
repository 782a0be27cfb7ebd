import type { ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { PreSerializationHooks } from '../answer/compat-fastify.js'
import { runInRequestContext } from '../request/request-context.js'
import { FirstOnSendHook } from './compat-fastify.js'
import { LIFE, RequestLife } from './request-life.js'

/** What a plugin wants to know of each request. */
export interface LifeSubscriber {
  /** A request has arrived. */
  readonly onArrival?: (life: RequestLife) => void
  /** The lowest status that `onHead` is called for. @default 0 */
  readonly headsFrom?: number
  /**
   * The head of an answer has been written, also that of a stream at its first chunk and one that the handler writes to
   * `reply.raw` itself. Called once for each request, except where a connection is upgraded or ends without an answer.
   */
  readonly onHead?: (life: RequestLife, status: number) => void
  /**
   * The head of an answer of 500 or above is about to be written, whoever has made the answer: a header may still be set on the
   * reply. Called again where Node refuses a head and another one is written.
   */
  readonly onFailedHead?: (life: RequestLife, status: number) => void
  /**
   * Sees the payload of an answer that is a stream, a fetch `Response` or has a status of 500 or above, before the host's
   * onSend hooks do, and returns what is sent. Not called for the answers that core makes.
   */
  readonly onAnswer?: (payload: unknown, reply: FastifyReply) => unknown
}

/** The lowest status of an answer that `onFailedHead` sees, and `onAnswer` whatever its payload is. */
const FAILED_FROM = 500

interface TappedResponse {
  readonly statusCode: number
  writeHead: ServerResponse['writeHead']
  [key: symbol]: RequestLife | undefined
}

/**
 * Follows the requests of an app for all plugins: one onRequest hook, one object a request, one tap on the head of the answer.
 * An app whose plugins ask for nothing has none of them. It does not matter in which order plugins subscribe.
 */
export class Lifecycle {
  readonly #app: FastifyInstance
  /** Of this app alone: an application may hand a message on to another one, which follows it too. */
  readonly #key = Symbol('@fastify-scs/core/life-of-response')
  readonly #onSend = new FirstOnSendHook((payload, reply) => this.#answering(payload, reply))
  /** Such a hook may still change the status. */
  readonly #preSerialization = new PreSerializationHooks()
  #subscribers: readonly LifeSubscriber[] = []
  #arrivals: readonly NonNullable<LifeSubscriber['onArrival']>[] = []
  #heads: readonly LifeSubscriber[] = []
  #failedHeads: readonly NonNullable<LifeSubscriber['onFailedHead']>[] = []
  #answers: readonly NonNullable<LifeSubscriber['onAnswer']>[] = []
  #isHooked = false
  #keepsContext = false

  #routes: RouteOptions[] = []

  constructor(app: FastifyInstance) {
    this.#app = app
    app.addHook('onRoute', (route) => void this.#routes.push({ ...route }))
    app.addHook('onReady', (done) => {
      this.#routes = []
      done()
    })
  }

  /**
   * The routes that were declared behind core so far, for a plugin that is registered behind them and reads a route option of
   * its own: Fastify keeps none but those that it knows. Empty once the app is ready.
   */
  get routes(): readonly RouteOptions[] {
    return this.#routes
  }

  /** Whether it follows the requests of this very context. */
  isOf(app: FastifyInstance): boolean {
    return app === this.#app
  }

  /**
   * Tells a plugin of every further request, until the function that is returned is called. To be called before the app is ready.
   */
  subscribe(subscriber: LifeSubscriber): () => void {
    this.#hook()
    this.#take([...this.#subscribers, subscriber])
    return () => this.#take(this.#subscribers.filter((one) => one !== subscriber))
  }

  /** Runs what comes after a request's arrival in the request's asynchronous context. */
  keepContext(): void {
    this.#hook()
    this.#keepsContext = true
  }

  /** `reply.send` is about to be called by somebody else than core. */
  sending(payload: unknown, isStream: boolean, reply: FastifyReply): void {
    if (this.#answers.length === 0) return
    const isSeen =
      isStream ||
      reply.raw.statusCode >= FAILED_FROM ||
      this.#preSerialization.mayRun(reply.request)
    // Where Fastify does not let the hook in, a stream is all that is known by now as it will be sent.
    if (isSeen && !reply.sent && !this.#onSend.runFor(reply.request) && isStream)
      this.#answering(payload, reply)
  }

  #take(subscribers: readonly LifeSubscriber[]): void {
    this.#subscribers = subscribers
    this.#arrivals = subscribers.flatMap(({ onArrival }) => onArrival ?? [])
    this.#heads = subscribers.filter(({ onHead }) => onHead !== undefined)
    this.#failedHeads = subscribers.flatMap(({ onFailedHead }) => onFailedHead ?? [])
    this.#answers = subscribers.flatMap(({ onAnswer }) => onAnswer ?? [])
  }

  /** Hooks that are added before the app is ready are run for the routes that are there already, too. */
  #hook(): void {
    if (this.#isHooked) return
    this.#isHooked = true
    const tap = this.#tap()
    // In the constructor of the class, so that all requests have one shape.
    this.#app.decorateRequest(LIFE, null)
    this.#app.addHook('onRequest', (request, reply, done) => {
      if (this.#subscribers.length > 0) this.#begin(request, reply, tap)
      if (this.#keepsContext) runInRequestContext(request, done)
      else done()
    })
  }

  #begin(request: FastifyRequest, reply: FastifyReply, tap: ServerResponse['writeHead']): void {
    const raw = reply.raw as unknown as TappedResponse
    const known = raw[this.#key]
    if (known !== undefined) {
      // The application has routed the message once more: it is still one call.
      known.request = request
      known.reply = reply
      setLife(request, known)
      return
    }
    const life = new RequestLife(request, reply, performance.now())
    setLife(request, life)
    raw[this.#key] = life
    raw.writeHead = tap
    for (const arrived of this.#arrivals) arrived(life)
  }

  /** One function for all requests, so that none costs a closure. */
  #tap(): ServerResponse['writeHead'] {
    const key = this.#key
    const lifecycle = this
    // Three named parameters, since gathering them into a list for each request costs more than the rest of this function.
    function tappedWriteHead(
      this: TappedResponse,
      statusCode: number,
      reason?: unknown,
      headers?: unknown,
    ): unknown {
      const life = this[key] as RequestLife
      const writeHead = life.writeHead as (...args: unknown[]) => unknown
      if (statusCode >= FAILED_FROM && !life.hasHead) {
        for (const failing of lifecycle.#failedHeads) failing(life, statusCode)
      }
      const result = writeHead.call(this, statusCode, reason, headers)
      if (!life.hasHead) {
        life.hasHead = true
        lifecycle.#headWritten(life, this.statusCode)
      }
      return result
    }
    return tappedWriteHead as ServerResponse['writeHead']
  }

  #headWritten(life: RequestLife, status: number): void {
    for (const subscriber of this.#heads) {
      if (status >= (subscriber.headsFrom ?? 0)) subscriber.onHead?.(life, status)
    }
  }

  #answering(payload: unknown, reply: FastifyReply): unknown {
    let sent = payload
    for (const answering of this.#answers) sent = answering(sent, reply)
    return sent
  }
}

function setLife(request: FastifyRequest, life: RequestLife): void {
  ;(request as unknown as { [LIFE]: RequestLife })[LIFE] = life
}
