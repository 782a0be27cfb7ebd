import type { FastifyReply, FastifyRequest } from 'fastify'
import { symbolDescribed } from '../answer/compat-fastify.js'

/** What Fastify's context of a route has, as far as it is read here. */
interface RouteContext {
  readonly onSend?: readonly unknown[] | null
}

type Done = (error: unknown, payload?: unknown) => void

/** Sees a payload and returns the one to send. */
export type PayloadListener = (payload: unknown, reply: FastifyReply) => unknown

/**
 * Runs a listener before the onSend hooks of the host, for single requests. A hook that Fastify knows runs for every answer,
 * and even an empty one is 1.04 of a request's whole cost.
 *
 * A request has its route's context, with the hooks, under a symbol that Fastify does not export. The request gets a context
 * that differs from it in the list of onSend hooks only. Should Fastify keep its context elsewhere, `runFor` says so: then
 * answers of 500 or above that core has not made are still reported, but do not show the id of their report.
 *
 * Source: https://github.com/fastify/fastify/blob/main/lib/reply.js (`onSendHook`)
 */
export class FirstOnSendHook {
  readonly #hook: (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: Done,
  ) => void
  readonly #contexts = new WeakMap<RouteContext, RouteContext>()
  #key: symbol | undefined

  constructor(listener: PayloadListener) {
    this.#hook = (_request, reply, payload, done) => done(null, listener(payload, reply))
  }

  /** Lets the listener see the answer of this request; false where Fastify does not let it. */
  runFor(request: FastifyRequest): boolean {
    const context = this.#contextOf(request)
    if (context === undefined || this.#key === undefined) return false
    if (context.onSend?.[0] === this.#hook) return true
    let own = this.#contexts.get(context)
    if (own === undefined) {
      const onSend = [this.#hook, ...(context.onSend ?? [])]
      own = Object.create(context, { onSend: { value: onSend } }) as RouteContext
      this.#contexts.set(context, own)
    }
    ;(request as unknown as Record<symbol, RouteContext>)[this.#key] = own
    return true
  }

  #contextOf(request: FastifyRequest): RouteContext | undefined {
    this.#key ??= symbolDescribed(request, 'fastify.context')
    if (this.#key === undefined) return undefined
    return (request as unknown as Record<symbol, RouteContext | undefined>)[this.#key]
  }
}
