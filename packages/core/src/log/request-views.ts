import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Redactor } from '../redact/redactor.js'

/**
 * Requests and replies for the host's own serializers: the same objects to look at, but URL, query, parameters, headers and
 * body are redacted, each when it is read.
 *
 * By proxies: an object that becomes the prototype of another gets a hidden class of its own in V8, which made all that
 * Fastify does with it afterwards twice as slow.
 */
export class RequestViews {
  readonly #redactor: Redactor
  readonly #requests: ProxyHandler<FastifyRequest>
  readonly #replies: ProxyHandler<FastifyReply>

  constructor(redactor: Redactor) {
    this.#redactor = redactor
    this.#requests = { get: (request, key) => this.#ofRequest(request, key) }
    this.#replies = { get: (reply, key) => this.#ofReply(reply, key) }
  }

  request(request: FastifyRequest): FastifyRequest {
    return new Proxy(request, this.#requests)
  }

  reply(reply: FastifyReply): FastifyReply {
    return new Proxy(reply, this.#replies)
  }

  #ofRequest(request: FastifyRequest, key: PropertyKey): unknown {
    switch (key) {
      case 'url':
      case 'originalUrl':
        return this.#redactor.url(request[key])
      case 'headers':
        return this.#redactor.headers(request.headers)
      case 'query':
      case 'params':
      case 'body':
        return this.#redactor.value(request[key])
      default:
        return Reflect.get(request, key)
    }
  }

  #ofReply(reply: FastifyReply, key: PropertyKey): unknown {
    switch (key) {
      case 'request':
        return this.request(reply.request)
      case 'getHeaders':
        return () => this.#headersOf(reply)
      case 'getHeader':
        return (name: string) => this.#headersOf(reply)[name.toLowerCase()]
      default:
        return Reflect.get(reply, key)
    }
  }

  #headersOf(reply: FastifyReply): Record<string, unknown> {
    return this.#redactor.headers(reply.getHeaders())
  }
}
