import { errorForLog } from '@fastify-scs/core/kit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ResolvedOptions } from '../options.js'
import { markHeaders } from './reply-headers.js'

/** What was decided about a request: `answered` by `authorize` itself. */
export type Verdict = 'allowed' | 'stranger' | 'answered'

/** Asks the application who may see the console, and who may change something. */
export class Guard {
  readonly #options: Pick<ResolvedOptions, 'authorize' | 'authorizeChange'>
  readonly #allowed = new WeakSet<FastifyRequest>()

  constructor(options: Pick<ResolvedOptions, 'authorize' | 'authorizeChange'>) {
    this.#options = options
  }

  /** Whether `judge` has let a request in. */
  isAllowed(request: FastifyRequest): boolean {
    return this.#allowed.has(request)
  }

  /** Decides about a request. What `authorize` did to the answer of a stranger is taken back. Never throws. */
  async judge(request: FastifyRequest, reply: FastifyReply): Promise<Verdict> {
    const takeBack = markHeaders(reply)
    const isAllowed = await this.#asks('authorize', request, () =>
      this.#options.authorize(request, reply),
    )
    // A reply that is sent is no longer ours, whatever else was returned.
    if (reply.sent) return 'answered'
    if (isAllowed) {
      this.#allowed.add(request)
      return 'allowed'
    }
    takeBack()
    return 'stranger'
  }

  /** Whether a client that is being answered for long may still see the console. Never throws. */
  mayStay(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    return this.#asks('authorize', request, () => this.#options.authorize(request, reply))
  }

  /** Whether a client that may see the console may change something. Never throws. */
  mayChange(request: FastifyRequest): Promise<boolean> {
    const { authorizeChange } = this.#options
    if (authorizeChange === undefined) return Promise.resolve(false)
    return this.#asks('authorizeChange', request, () => authorizeChange(request))
  }

  async #asks(
    name: 'authorize' | 'authorizeChange',
    request: FastifyRequest,
    ask: () => unknown,
  ): Promise<boolean> {
    try {
      return (await ask()) === true
    } catch (error) {
      const err = errorForLog(error, request.server.scs.redactor)
      request.log.error({ err }, `"${name}" of the console failed, which counts as no`)
      return false
    }
  }
}
