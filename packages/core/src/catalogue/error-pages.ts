import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { idInUrl } from '../errors/error-code.js'
import type { ClientError } from './client-errors.js'
import { htmlOfErrors, PAGE_HEADERS } from './html.js'
import { markdownOfErrors } from './markdown.js'

/** Where the pages of errors are. */
export interface ErrorPagesOptions {
  readonly prefix: string
  readonly origin?: string | undefined
}

/** The address of an error's page. From RFC 9457, 3.1.1: the `type` of a problem may lead to its documentation. */
export function pageOf(
  app: FastifyInstance,
  { prefix, origin = '' }: ErrorPagesOptions,
  id: string,
): string {
  return `${origin}${app.prefix}${prefix}/${idInUrl(id)}`
}

/** Adds a page for each error id, and one of all errors. They are public: they say nothing but what clients can get. */
export function serveErrorPages(
  app: FastifyInstance,
  { prefix }: ErrorPagesOptions,
  list: () => readonly ClientError[],
): void {
  // For @fastify/swagger.
  const schema: FastifySchema & { readonly hide: boolean } = { hide: true }
  const send = (
    request: FastifyRequest,
    reply: FastifyReply,
    errors: readonly ClientError[],
    title: string,
  ): FastifyReply => {
    reply.headers(PAGE_HEADERS).header('vary', 'accept')
    switch (chosenType(request.headers.accept)) {
      case 'text/html':
        return reply.type('text/html; charset=utf-8').send(htmlOfErrors(errors, title))
      case 'application/json':
        return reply.send({ errors })
      default:
        return reply.type('text/markdown; charset=utf-8').send(markdownOfErrors(errors, title))
    }
  }
  app.get(prefix, { schema }, (request, reply) => send(request, reply, list(), 'Errors'))
  // A wildcard: Fastify refuses parameters of more than 100 characters, and ids may be longer.
  app.get<{ Params: { '*': string } }>(`${prefix}/*`, { schema }, (request, reply) => {
    const asked = idInUrl(request.params['*'])
    const errors = list().filter(({ id }) => idInUrl(id) === asked)
    const [first] = errors
    if (first === undefined) {
      reply.callNotFound()
      return reply
    }
    return send(request, reply, errors, first.id)
  })
}

const TYPES = ['text/markdown', 'text/html', 'application/json'] as const

/** The type that a client likes best; Markdown, which people can read anywhere, where it likes them all. */
function chosenType(accept = '*/*'): (typeof TYPES)[number] {
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((range) => {
      const [name = '', ...parameters] = range.split(';').map((part) => part.trim())
      const quality = parameters.find((parameter) => parameter.startsWith('q='))
      return { name, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
    })
  const qualityOf = (type: string): number => {
    const [family] = type.split('/')
    const range = [type, `${family}/*`, '*/*']
      .map((name) => ranges.find((each) => each.name === name))
      .find((each) => each !== undefined)
    return range?.quality ?? 0
  }
  return TYPES.reduce((best, type) => (qualityOf(type) > qualityOf(best) ? type : best), TYPES[0])
}
