import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Redactor } from '../redact/redactor.js'

/**
 * A request for the host's own serializer: the same object to look at, but its URL, query, parameters, headers and body
 * are redacted, each when it is read.
 */
export function requestForLog(request: FastifyRequest, redactor: Redactor): FastifyRequest {
  const redacted = (key: 'query' | 'params' | 'body'): PropertyDescriptor => ({
    get: () => redactor.value(request[key]),
  })
  return Object.create(request, {
    url: { value: redactor.url(request.url) },
    originalUrl: { get: () => redactor.url(request.originalUrl) },
    headers: { get: () => redactor.headers(request.headers) },
    query: redacted('query'),
    params: redacted('params'),
    body: redacted('body'),
  }) as FastifyRequest
}

/** A reply for the host's own serializer: the same object to look at, but its headers are redacted when they are read. */
export function replyForLog(
  reply: FastifyReply,
  request: FastifyRequest,
  redactor: Redactor,
): FastifyReply {
  const headers = (): Record<string, unknown> => redactor.headers(reply.getHeaders())
  return Object.create(reply, {
    request: { value: request },
    getHeaders: { value: headers },
    getHeader: { value: (name: string) => headers()[name.toLowerCase()] },
  }) as FastifyReply
}
