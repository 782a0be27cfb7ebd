import { tracingChannel } from 'node:diagnostics_channel'
import createError from '@fastify/error'
import { addError } from '@fastify-scs/core'
import { isUpstreamError } from '@fastify-scs/core/kit'
import { afterEach, describe, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

const of = (fields: object, message = 'secret detail'): Error =>
  Object.assign(new Error(message), fields)

/** As the libraries make them, shortened. */
const upstream: Readonly<Record<string, () => unknown>> = {
  axios: () =>
    of({ name: 'AxiosError', isAxiosError: true, status: 401, config: {}, response: {} }),
  'axios without an answer': () => of({ isAxiosError: true, code: 'ECONNREFUSED', config: {} }),
  gaxios: () => of({ config: {}, response: { status: 403 }, status: 403, code: '403' }),
  got: () =>
    of({ name: 'HTTPError', code: 'ERR_NON_2XX_3XX_RESPONSE', response: { statusCode: 404 } }),
  ky: () => of({ name: 'HTTPError', response: new Response('', { status: 404 }), request: {} }),
  superagent: () => of({ status: 404, response: { status: 404 } }),
  Octokit: () => of({ name: 'HttpError', status: 404, request: {}, response: { status: 404 } }),
  'request-promise': () => of({ name: 'StatusCodeError', statusCode: 404, options: {} }),
  undici: () => of({ code: 'UND_ERR_RESPONSE', statusCode: 404, headers: {}, body: 'x' }),
  'undici without a code': () => of({ statusCode: 404, status: 404, headers: {}, body: 'x' }),
  'AWS SDK 3': () => of({ $fault: 'client', $metadata: { httpStatusCode: 403 }, statusCode: 403 }),
  'AWS SDK 2': () =>
    of({
      statusCode: 403,
      code: 'AccessDenied',
      requestId: 'A1',
      retryable: false,
      time: new Date(),
    }),
  Elasticsearch: () => of({ name: 'ResponseError', statusCode: 404, meta: { statusCode: 404 } }),
  'Elasticsearch without an answer': () =>
    of({ name: 'ConnectionError', meta: { connection: {} } }),
  Stripe: () => of({ type: 'StripeCardError', statusCode: 402, raw: {}, rawType: 'card_error' }),
  OpenAI: () => of({ status: 429, headers: new Headers(), requestID: null, error: {} }),
  Anthropic: () => of({ status: 404, headers: {}, request_id: 'req_1', error: {} }),
  Twilio: () => of({ status: 404, code: 20404, moreInfo: 'https://www.twilio.com/docs' }),
  'a Response that is thrown': () => new Response('secret detail', { status: 404 }),
  '@fastify/reply-from': () => new NoAnswer({ cause: of({ code: 'ECONNREFUSED' }) }),
  '@fastify/reply-from, of a reset connection': () => new Reset(),
  'a plain object with a response': () => ({ status: 404, message: 'secret detail', response: {} }),
}

const NoAnswer = createError('FST_REPLY_FROM_INTERNAL_SERVER_ERROR', 'secret detail')
const Reset = createError('ECONNRESET', 'secret detail', 500)
const NotFound = createError('APP_NOT_FOUND', 'that is gone', 404)

/** Made for HTTP, by whoever has made them. */
const own: Readonly<Record<string, () => unknown>> = {
  'a plain error with a status': () => of({ statusCode: 404 }, 'that is gone'),
  'a plain error with a status and a code': () =>
    of({ status: 404, code: 'APP_NOT_FOUND', requestId: 'req-1' }, 'that is gone'),
  'a plain error that wraps one of axios': () =>
    of({ statusCode: 404, cause: upstream.axios?.() }, 'that is gone'),
  '@fastify/error': () => new NotFound(),
  'http-errors': () =>
    of({ statusCode: 404, status: 404, expose: true, headers: {}, response: {} }, 'that is gone'),
  "NestJS's HttpException": () => {
    const response = { statusCode: 404, message: 'that is gone' }
    const getters = { getStatus: () => 404, getResponse: () => response }
    return of({ response, status: 404, options: {}, ...getters }, 'that is gone')
  },
  'body-parser, by http-errors': () =>
    of({ statusCode: 404, expose: true, type: 'x', headers: {}, body: 'x' }, 'that is gone'),
}

let end: () => void = () => undefined
afterEach(() => end())

describe('an error that another service gave to us', () => {
  it.each(Object.entries(upstream))('of %s is a 502 without its text', async (_name, make) => {
    const { app, log } = await buildApp()
    app.get('/', () => {
      throw make()
    })
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(502)
    expect(answer.json()).toEqual({ error: { id: 'bad-gateway', message: 'Bad Gateway' } })
    expect(log.filter((line) => line.status === 502)).toHaveLength(1)
    expect(isUpstreamError(make())).toBe(true)
  })

  it.each(Object.entries(own))('is not what %s tells', async (_name, make) => {
    const { app } = await buildApp()
    app.get('/', () => {
      throw make()
    })
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(404)
    expect(answer.json().error).toMatchObject({ id: 'not-found', message: 'that is gone' })
    expect(isUpstreamError(make())).toBe(false)
  })

  it.each([
    ['FST_REPLY_FROM_SERVICE_UNAVAILABLE', 503],
    ['FST_REPLY_FROM_GATEWAY_TIMEOUT', 504],
    ['UND_ERR_CONNECT_TIMEOUT', 504],
  ])('keeps the status that @fastify/reply-from has chosen: %s, %i', async (code, status) => {
    const { app } = await buildApp()
    const Failed = createError(code, 'secret detail', status)
    app.get('/', () => {
      throw new Failed()
    })
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(status)
    expect(answer.body).not.toContain('secret')
  })

  it.each([
    ['a stream of this service', {}],
    ['an argument of the call', { code: 'UND_ERR_INVALID_ARG' }],
    ['a header that undici does not send', { code: 'UND_ERR_NOT_SUPPORTED' }],
  ])('is not what @fastify/reply-from tells of %s, which stays a 500', async (_name, fields) => {
    const { app } = await buildApp()
    app.get('/', () => {
      throw new NoAnswer({ cause: of(fields) })
    })
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('secret')
  })

  it('brings no headers, not even those of the list', async () => {
    const { app } = await buildApp({ errorHeaders: ['x-own'] })
    const headers = { 'www-authenticate': 'Basic', 'x-own': '1' }
    app.get('/', () => {
      throw of({ isAxiosError: true, status: 401, headers })
    })
    const answer = await app.inject('/')
    expect(answer.headers['www-authenticate']).toBeUndefined()
    expect(answer.headers['x-own']).toBeUndefined()
  })

  it('keeps its status, text and listed headers with trustForeignStatus', async () => {
    const { app } = await buildApp({ trustForeignStatus: true })
    const headers = { 'www-authenticate': 'Basic', server: 'x' }
    app.get('/', () => {
      throw of({ isAxiosError: true, status: 401, config: {}, headers }, 'log in there')
    })
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(401)
    expect(answer.json().error.message).toBe('log in there')
    expect(answer.headers['www-authenticate']).toBe('Basic')
    expect(answer.headers.server).toBeUndefined()
  })

  it('is what its class says, where that is registered or a ServiceError', async () => {
    const { app } = await buildApp()
    class SearchError extends Error {
      readonly status = 404
      readonly response = {}
    }
    const NoHit = addError({ name: 'NoHit', code: 'NO_HIT', status: 404 })
    app.scs.registerException({ exceptionClass: SearchError, id: 'search-failed', message: 'x' })
    app.get('/registered', () => {
      throw new SearchError('secret detail')
    })
    app.get('/service', () => {
      throw Object.assign(new NoHit('nothing found'), { response: {} })
    })
    const registered = await app.inject('/registered')
    expect([registered.statusCode, registered.json().error.id]).toEqual([500, 'search-failed'])
    const service = await app.inject('/service')
    expect([service.statusCode, service.json().error.id]).toEqual([404, 'no-hit'])
  })

  it('keeps a status that the handler has set, and still hides its text', async () => {
    const { app } = await buildApp()
    app.get('/', (_request, reply) => {
      reply.code(404)
      throw of({ isAxiosError: true, status: 404, headers: { allow: 'GET' } })
    })
    const answer = await app.inject('/')
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toEqual({ error: { id: 'not-found', message: 'Not Found' } })
    expect(answer.headers.allow).toBeUndefined()
  })

  it.each([{ status: 401 }, {}])(
    'is a 502 too where Fastify’s tracing sets %j first',
    async (status) => {
      const subscribers = { error: () => undefined } as never
      const channel = tracingChannel('fastify.request.handler')
      channel.subscribe(subscribers)
      end = () => void channel.unsubscribe(subscribers)
      const { app } = await buildApp()
      app.get('/', async () => {
        throw of({ isAxiosError: true, ...status })
      })
      expect((await app.inject('/')).statusCode).toBe(502)
    },
  )

  it('answers with the error that is registered for 502', async () => {
    const { app } = await buildApp()
    app.scs.registerError({ code: 502, id: 'partner-down', message: 'Our partner is down' })
    app.get('/', () => {
      throw of({ isAxiosError: true, status: 404 })
    })
    expect((await app.inject('/')).json().error).toEqual({
      id: 'partner-down',
      message: 'Our partner is down',
    })
  })
})
