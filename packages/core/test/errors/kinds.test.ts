import createError from '@fastify/error'
import { abort, defineError, type ErrorDefinition } from '@fastify-scs/core'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { describe, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

const codes = [404, 405, 413, 415, 429, 503]

/** An app in which something else is registered first for each code. */
async function appOf(errorFormat: 'scs' | 'pymacaron' | 'problem'): Promise<FastifyInstance> {
  const { app } = await buildApp({ errorFormat }, { bodyLimit: 8, handlerTimeout: 200 })
  for (const code of codes) {
    app.scs.registerError({ code, id: `own-${code}`, message: `Our own ${code}` })
  }
  app.post('/', () => 'ok')
  // As @fastify/rate-limit and @fastify/under-pressure make theirs.
  const Limited = createError('FST_RATE_LIMIT', 'Rate limit exceeded', 429)
  const Pressure = createError('FST_UNDER_PRESSURE', 'Service Unavailable', 503)
  app.get('/limited', () => {
    throw new Limited()
  })
  app.get('/pressure', () => {
    throw new Pressure()
  })
  app.get('/late', () => new Promise(() => undefined))
  app.get<{ Params: { code: string } }>('/abort/:code', ({ params }) => abort(Number(params.code)))
  return app
}

const kinds = [
  ['an unknown route', 404, 'not-found', 'Route GET:/nowhere not found', 'NOT_FOUND'],
  ['a body too large', 413, 'payload-too-large', 'Request body is too large', 'PAYLOAD_TOO_LARGE'],
  [
    'a media type',
    415,
    'unsupported-media-type',
    'Unsupported Media Type',
    'UNSUPPORTED_MEDIA_TYPE',
  ],
  ['the limit of a plugin', 429, 'too-many-requests', 'Rate limit exceeded', 'FST_RATE_LIMIT'],
  ['the pressure of a plugin', 503, 'service-unavailable', 'Service Unavailable', undefined],
  ['a handler that takes too long', 503, 'service-unavailable', 'Service Unavailable', undefined],
] as const

const requests: Record<(typeof kinds)[number][0], string | InjectOptions> = {
  'an unknown route': '/nowhere',
  'a body too large': { method: 'POST', url: '/', payload: { long: 'body' } },
  'a media type': {
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/x-unknown' },
    payload: 'x',
  },
  'the limit of a plugin': '/limited',
  'the pressure of a plugin': '/pressure',
  'a handler that takes too long': '/late',
}

describe.each(kinds)('%s', (name, status, id, message, code) => {
  it.each(['scs', 'problem', 'pymacaron'] as const)(
    'is of a kind of its own in the %s format, whatever is registered first',
    async (errorFormat) => {
      const app = await appOf(errorFormat)
      const answer = await app.inject(requests[name])
      expect(answer.statusCode).toBe(status)
      const body = answer.json()
      const text =
        errorFormat === 'scs' ? body.error.message : (body.detail ?? body.error_description)
      expect(text).toContain(message)
      if (errorFormat === 'scs') expect(body.error.id).toBe(id)
      else if (errorFormat === 'problem') expect(body).toMatchObject({ id, type: 'about:blank' })
      else expect(body.error).toBe(code ?? 'SERVICE_UNAVAILABLE')
    },
  )
})

it('what is registered first answers abort and the errors of ours', async () => {
  const app = await appOf('scs')
  for (const code of codes) {
    const own = code === 405 ? { id: 'method-not-allowed' } : { id: `own-${code}` }
    expect((await app.inject(`/abort/${code}`)).json().error).toMatchObject(own)
  }
})

it('an error registered under the name of its status gives a kind its message', async () => {
  const { app } = await buildApp()
  app.scs.registerError({ code: 404, id: 'no-such-order', message: 'No such order' })
  app.scs.registerError({ code: 404, id: 'not-found', message: 'Nobody lives here' })
  app.scs.registerError({ code: 413, id: 'payload-too-large', message: 'Too much' })
  app.get('/gone', () => {
    throw Object.assign(new Error('that is gone'), { statusCode: 404 })
  })
  expect((await app.inject('/nowhere')).json().error).toEqual({
    id: 'not-found',
    message: 'Nobody lives here',
  })
  // An error has its own words.
  expect((await app.inject('/gone')).json().error).toEqual({
    id: 'not-found',
    message: 'that is gone',
  })
})

it("an error registered under the name of its status gives Fastify's own failures their message too", async () => {
  const app = await appOf('scs')
  const texts = {
    413: { code: 413, id: 'payload-too-large', message: 'Too much' },
    415: { code: 415, id: 'unsupported-media-type', message: 'We read JSON only' },
    429: { code: 429, id: 'too-many-requests', message: 'Slower, please' },
  }
  for (const definition of Object.values(texts)) app.scs.registerError(definition)
  const messageOf = async (name: keyof typeof requests): Promise<unknown> =>
    (await app.inject(requests[name])).json().error.message
  expect(await messageOf('a body too large')).toBe('Too much')
  expect(await messageOf('a media type')).toBe('We read JSON only')
  // An error of a plugin has its own words.
  expect(await messageOf('the limit of a plugin')).toBe('Rate limit exceeded')
})

it("what is built in for a code leaves Fastify's own failures their words", async () => {
  const { app } = await buildApp()
  app.post('/', () => 'ok')
  const headers = { 'content-type': 'application/json' }
  const answer = await app.inject({ method: 'POST', url: '/', headers, payload: '{"a":' })
  expect(answer.json().error).toMatchObject({
    id: 'bad-request',
    message: expect.stringContaining('JSON'),
  })
})

it("Fastify's own errors are named in the pymacaron format as in scs, a plugin's keep their codes", async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  const Jwt = createError('FST_JWT_NO_AUTHORIZATION_IN_HEADER', 'No Authorization', 401)
  app.post('/', () => 'ok')
  app.get('/jwt', () => {
    throw new Jwt()
  })
  const headers = { 'content-type': 'application/json' }
  const answer = await app.inject({ method: 'POST', url: '/', headers, payload: '{"a":' })
  expect(answer.json()).toMatchObject({ error: 'BAD_REQUEST', status: 400 })
  expect((await app.inject('/jwt')).json()).toMatchObject({
    error: 'FST_JWT_NO_AUTHORIZATION_IN_HEADER',
    status: 401,
  })
})

it('the pymacaron format keeps details', async () => {
  const { app } = await buildApp({ errorFormat: 'pymacaron' })
  app.get('/', () => abort(409, { details: { by: 'ann' } }))
  expect((await app.inject('/')).json()).toEqual({
    error: 'CONFLICT',
    error_description: 'Conflict',
    status: 409,
    error_details: { by: 'ann' },
  })
})

describe('isDefault', () => {
  const first: ErrorDefinition = { code: 409, id: 'first', message: 'The first' }
  const chosen: ErrorDefinition = { code: 409, id: 'chosen', message: 'Chosen', isDefault: true }

  it('chooses the default of a code, whenever it was registered', async () => {
    const { app } = await buildApp()
    app.scs.registerError(first)
    app.scs.registerError(defineError(chosen))
    app.scs.registerError({ code: 500, id: 'sorry', message: 'Sorry', isDefault: true })
    app.scs.registerError({ code: 404, id: 'gone', message: 'Gone', isDefault: true })
    app.get('/conflict', () => abort(409))
    app.get('/missing', () => abort(404))
    app.get('/crash', () => {
      throw new Error('secret detail')
    })
    expect((await app.inject('/conflict')).json().error.id).toBe('chosen')
    expect((await app.inject('/missing')).json().error.id).toBe('gone')
    // What is of no kind of its own has the default of 500; an unknown route is of a kind of its own.
    expect((await app.inject('/crash')).json().error).toEqual({ id: 'sorry', message: 'Sorry' })
    expect((await app.inject('/nowhere')).json().error.id).toBe('not-found')
  })

  it('two of one code are a conflict, the same one again is not', async () => {
    const { app } = await buildApp()
    app.scs.registerError(chosen)
    expect(() => app.scs.registerError(chosen)).not.toThrow()
    expect(() => app.scs.registerError({ ...chosen, id: 'other' })).toThrow(
      expect.objectContaining({ code: 'SCS_ERR_CONFLICT' }),
    )
    expect(() => app.scs.registerError({ ...chosen, code: 410 })).not.toThrow()
    expect(app.scs.errors.some(({ id }) => id === 'other')).toBe(false)
  })

  it('is true or false', async () => {
    const { app } = await buildApp()
    expect(() => app.scs.registerError({ ...chosen, isDefault: 'yes' } as never)).toThrow(
      expect.objectContaining({ code: 'SCS_ERR_DEFINITION' }),
    )
  })
})
