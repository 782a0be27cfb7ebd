import type { FastifyReply } from 'fastify'
import { describe, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

const fail = (fields: object): never => {
  throw Object.assign(new Error('x'), fields)
}

const ofBody: Readonly<Record<string, string>> = {
  'content-encoding': 'gzip',
  'content-language': 'nl',
  'content-location': '/a',
  'content-disposition': 'attachment; filename=a.csv',
  'content-range': 'bytes 0-1/5',
  'content-digest': 'sha-256=:AA==:',
  'content-md5': 'AA==',
  'accept-ranges': 'bytes',
  digest: 'md5=AA==',
  'repr-digest': 'sha-256=:AA==:',
  etag: '"1"',
  'last-modified': 'Mon, 23 Nov 2026 10:00:00 GMT',
  expires: 'Mon, 23 Nov 2026 10:00:00 GMT',
  age: '10',
  'cdn-cache-control': 'max-age=60',
  'surrogate-control': 'max-age=60',
  'transfer-encoding': 'chunked',
  'x-accel-redirect': '/private/a.csv',
  'x-sendfile': '/private/a.csv',
}
const ofService: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'content-security-policy': "default-src 'none'",
  link: '</docs>; rel="help"',
  'retry-after': '3',
  'set-cookie': 'a=b',
  vary: 'Origin',
  'x-request-id': '1',
}

describe.each(['scs', 'pymacaron', 'problem'] as const)('in the %s format', (errorFormat) => {
  it('an error answer drops what describes the planned body and keeps the rest', async () => {
    const { app } = await buildApp({ errorFormat })
    app.get('/', (_request, reply: FastifyReply) => {
      reply.headers({ ...ofBody, ...ofService, 'cache-control': 'public', 'content-length': '5' })
      for (const name of ['etag', 'content-encoding']) reply.raw.setHeader(name, 'raw')
      return fail({ statusCode: 404 })
    })
    const { headers, body } = await app.inject('/')
    for (const name of Object.keys(ofBody)) expect([name, headers[name]]).toEqual([name, undefined])
    expect(headers).toMatchObject(ofService)
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)))
  })

  it('an error answer and a not-found answer are neither stored nor sniffed', async () => {
    const { app } = await buildApp({ errorFormat })
    app.get('/', (_request, reply) => {
      reply.header('cache-control', 'public, max-age=3600')
      return fail({})
    })
    for (const url of ['/', '/nowhere']) {
      expect((await app.inject(url)).headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
    }
  })
})

it('the answer to a range that a file does not have says how long it is', async () => {
  const { app } = await buildApp()
  const range = { 'content-range': 'bytes */14' }
  app.get('/thrown', () => fail({ statusCode: 416, headers: { 'Content-Range': 'bytes */14' } }))
  app.get('/planned', (_request, reply) => {
    reply.headers(range).code(416)
    return fail({})
  })
  app.get('/other', () => fail({ statusCode: 404, headers: range }))
  app.addHook('onSend', async ({ url }) => {
    if (url.includes('hook')) throw new Error('the hook fails')
  })
  for (const path of ['/thrown', '/planned', '/planned?hook']) {
    const { headers, statusCode } = await app.inject(path)
    expect([statusCode, headers['content-range']], path).toEqual([416, 'bytes */14'])
  }
  expect((await app.inject('/other')).headers['content-range']).toBeUndefined()
})

it('what an onSend hook sets for the error answer is sent', async () => {
  const { app } = await buildApp()
  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'max-age=5').header('content-language', 'nl')
  })
  app.get('/', () => fail({ statusCode: 404 }))
  const { headers } = await app.inject('/')
  expect(headers).toMatchObject({ 'cache-control': 'max-age=5', 'content-language': 'nl' })
})

it('a planned status message, trailers and a serializer do not reach the error answer', async () => {
  const { app } = await buildApp()
  app.get('/', (_request, reply) => {
    reply.raw.statusMessage = 'Fine'
    reply.trailer('x-t', async () => 'v').serializer(() => 'planned')
    return fail({ statusCode: 404 })
  })
  const { statusMessage, headers, trailers, body } = await app.inject('/')
  expect(statusMessage).toBe('Not Found')
  expect(headers.trailer).toBeUndefined()
  expect(trailers).toEqual({})
  expect(JSON.parse(body).error.id).toBe('not-found')
})

const brought: Readonly<Record<string, string>> = {
  'WWW-Authenticate': 'Bearer',
  'proxy-authenticate': 'Basic',
  'retry-after': '3',
  allow: 'GET',
  'ratelimit-limit': '5',
  RateLimit: '"a";r=1',
  'x-ratelimit-remaining': '0',
}
const foreign: Readonly<Record<string, string>> = {
  'set-cookie': 'upstream=1',
  server: 'internal-7',
  'access-control-allow-origin': '*',
  'content-type': 'text/html',
  'content-length': '3',
  'transfer-encoding': 'chunked',
  connection: 'close',
  'cache-control': 'public',
  'x-error-id': 'forged-id',
  'x-own': '1',
}

it('an error sets the headers of the list and no others', async () => {
  const { app } = await buildApp()
  app.get('/', () => fail({ statusCode: 429, headers: { ...foreign, ...brought } }))
  const { headers } = await app.inject('/')
  for (const [name, value] of Object.entries(brought)) {
    expect(headers[name.toLowerCase()]).toBe(value)
  }
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  })
  for (const name of ['set-cookie', 'server', 'access-control-allow-origin', 'x-own', 'x-error-id'])
    expect([name, headers[name]]).toEqual([name, undefined])
})

it('errorHeaders adds names and beginnings, but never the frame of the answer', async () => {
  const { app } = await buildApp({ errorHeaders: ['Cache-Control', 'x-*', 'content-length'] })
  app.get('/', () => fail({ statusCode: 404, headers: foreign }))
  const { headers, body } = await app.inject('/')
  expect(headers).toMatchObject({ 'cache-control': 'public', 'x-own': '1' })
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)))
  expect(headers['x-error-id']).toBeUndefined()
  expect(headers['set-cookie']).toBeUndefined()
})

it.each([[['x b']], [['']], ['x-own'], [[5]]])(
  'errorHeaders %j is refused',
  async (errorHeaders) => {
    await expect(buildApp({ errorHeaders: errorHeaders as never })).rejects.toMatchObject({
      code: 'SCS_ERR_OPTIONS',
    })
  },
)

it('a header of an error that HTTP does not allow is left out', async () => {
  const { app } = await buildApp()
  const headers = { 'retry-after': '€', allow: ['GET', undefined], 'x-ratelimit-a b': '1' }
  app.get('/', () => fail({ statusCode: 405, headers: { ...headers, 'ratelimit-limit': 5 } }))
  const answer = await app.inject('/')
  expect(answer.statusCode).toBe(405)
  expect(answer.headers['ratelimit-limit']).toBe('5')
  expect(answer.headers['retry-after']).toBeUndefined()
  expect(answer.headers.allow).toBeUndefined()
})

it('the headers of a second error, which an onSend hook throws, are not sent', async () => {
  const { app } = await buildApp()
  app.get(
    '/',
    { onSend: async () => fail({ statusCode: 404, headers: { server: 'internal-7' } }) },
    (_request, reply) => {
      reply.header('x-own', '1')
      return fail({ statusCode: 409 })
    },
  )
  const { statusCode, headers } = await app.inject('/')
  expect([statusCode, headers['x-own'], headers.server]).toEqual([409, '1', undefined])
})
