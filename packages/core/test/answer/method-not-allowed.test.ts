import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import scsPlugin from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { buildApp, failureLines } from '../build-app.js'

const ok = (): string => 'ok'

describe.each(['scs', 'pymacaron', 'problem'] as const)('in the %s format', (errorFormat) => {
  it('a known path with another method is a 405 that says which are allowed', async () => {
    const { app, log } = await buildApp({ errorFormat })
    app.get('/orders', ok)
    app.put('/orders', ok)
    const answer = await app.inject({ method: 'POST', url: '/orders?token=hunter2', payload: {} })
    expect(answer.statusCode).toBe(405)
    expect(answer.headers.allow).toBe('GET, HEAD, PUT')
    const message = 'This method is not allowed here'
    if (errorFormat === 'scs')
      expect(answer.json()).toEqual({ error: { id: 'method-not-allowed', message } })
    else if (errorFormat === 'pymacaron')
      expect(answer.json()).toEqual({
        error: 'METHOD_NOT_ALLOWED',
        error_description: message,
        status: 405,
      })
    else
      expect(answer.json()).toMatchObject({
        type: 'urn:problem-type:method-not-allowed',
        detail: message,
        instance: '/orders',
      })
    expect(failureLines(log)).toMatchObject([{ level: 30, status: 405, id: 'method-not-allowed' }])
    expect(failureLines(log)[0]).not.toHaveProperty('err')
  })
})

const known: Record<string, [(app: FastifyInstance) => unknown, string, string]> = {
  'a parameter': [(app) => app.get('/orders/:id', ok), '/orders/7', 'GET, HEAD'],
  'two parameters': [(app) => app.get('/o/:id/:at', ok), '/o/7/8', 'GET, HEAD'],
  'a regular expression': [(app) => app.get('/o/:id(^\\d+$)', ok), '/o/7', 'GET, HEAD'],
  'an optional parameter': [(app) => app.get('/o/:id?', ok), '/o', 'GET, HEAD'],
  'a wildcard below a prefix': [(app) => app.get('/files/*', ok), '/files/a/b', 'GET, HEAD'],
  'an encoded path': [(app) => app.get('/o/:id', ok), '/o/a%2Fb%20c', 'GET, HEAD'],
  'a prefix': [
    (app) => app.register(async (child) => void child.get('/o', ok), { prefix: '/v1' }),
    '/v1/o',
    'GET, HEAD',
  ],
  'the root': [(app) => app.get('/', ok), '/', 'GET, HEAD'],
  'a route for HEAD only': [(app) => app.head('/o', ok), '/o', 'HEAD'],
  'a route without HEAD': [(app) => app.get('/o', { exposeHeadRoute: false }, ok), '/o', 'GET'],
  'a route beside one for OPTIONS': [
    (app) => app.get('/o', ok).options('/o', ok),
    '/o',
    'GET, HEAD, OPTIONS',
  ],
  'a route beside a wildcard for all paths': [
    (app) => app.get('/o', ok).put('/*', ok),
    '/o',
    'GET, HEAD',
  ],
}

it.each(Object.entries(known))('%s is a known path', async (_name, [add, url, allow]) => {
  const { app } = await buildApp()
  add(app)
  const answer = await app.inject({ method: 'POST', url })
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, allow])
})

const unknown: Record<string, [(app: FastifyInstance) => unknown, string]> = {
  'another path': [(app) => app.get('/orders', ok), '/order'],
  'a regular expression that does not match': [(app) => app.get('/o/:id(^\\d+$)', ok), '/o/x'],
  'a path of another case': [(app) => app.get('/orders', ok), '/Orders'],
  'a slash more': [(app) => app.get('/orders', ok), '/orders/'],
  'a wildcard for all paths': [(app) => app.get('/*', ok), '/nowhere/at/all'],
  'a wildcard without a slash': [(app) => app.get('*', ok), '/nowhere'],
  'a wildcard for all paths, encoded': [(app) => app.get('/*', ok), '/now%20here/%2F?a=1'],
  'an OPTIONS route for all paths': [(app) => app.options('*', ok), '/nowhere'],
  'an OPTIONS route for all paths of a prefix': [(app) => app.options('/v1*', ok), '/v1/nowhere'],
}

it.each(Object.entries(unknown))('%s is an unknown route', async (_name, [add, url]) => {
  const { app } = await buildApp()
  add(app)
  const answer = await app.inject({ method: 'POST', url })
  expect(answer.statusCode).toBe(404)
  expect(answer.headers.allow).toBeUndefined()
  expect(answer.json().error.id).toBe('not-found')
})

it('the options of the router count as they do for the routes', async () => {
  const routerOptions = {
    caseSensitive: false,
    ignoreTrailingSlash: true,
    ignoreDuplicateSlashes: true,
  }
  const { app } = await buildApp({}, { routerOptions, rewriteUrl: ({ url }) => `/v1${url}` })
  app.get('/v1/orders', ok)
  app.get('/v1/*', ok)
  for (const url of ['/Orders', '/orders/', '//orders', '/ORDERS//?a=1']) {
    const answer = await app.inject({ method: 'POST', url })
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD'])
  }
})

it('a route counts only where its host and its version match', async () => {
  const { app } = await buildApp()
  app.get('/host', { constraints: { host: 'a.example' } }, ok)
  app.get('/version', { constraints: { version: '1.2.0' } }, ok)
  const post = async (url: string, headers: Record<string, string>): Promise<number> =>
    (await app.inject({ method: 'POST', url, headers })).statusCode
  expect(await post('/host', { host: 'a.example' })).toBe(405)
  expect(await post('/host', { host: 'b.example' })).toBe(404)
  expect(await post('/version', { 'accept-version': '1.x' })).toBe(405)
  expect(await post('/version', { 'accept-version': '2.x' })).toBe(404)
  expect(await post('/version', {})).toBe(404)
})

it('a route with a constraint of the application counts for no 405', async () => {
  const strategy = {
    name: 'secret',
    storage: () => {
      const handlers = new Map<unknown, unknown>()
      return {
        get: (key: unknown) => handlers.get(key) ?? null,
        set: (key: unknown, handler: unknown) => void handlers.set(key, handler),
      }
    },
    deriveConstraint: (incoming: { headers: Record<string, unknown> }) => incoming.headers.secret,
    validate: () => true,
    mustMatchWhenDerived: false,
  }
  const { app } = await buildApp({}, {
    routerOptions: { constraints: { secret: strategy } },
  } as never)
  app.get('/o', { constraints: { secret: 'x' } }, (_request, reply) => reply.callNotFound())
  const headers = { secret: 'x' }
  expect((await app.inject({ method: 'POST', url: '/o', headers })).statusCode).toBe(404)
  expect((await app.inject({ url: '/o', headers })).statusCode).toBe(404)
})

it('a 405 never names the method of the request, where a constraint of the application refused it', async () => {
  const strategy = {
    name: 'secret',
    storage: () => ({ get: () => null, set: () => undefined }),
    deriveConstraint: (incoming: { headers: Record<string, unknown> }) => incoming.headers.secret,
    mustMatchWhenDerived: true,
  }
  const { app } = await buildApp({}, {
    routerOptions: { constraints: { secret: strategy } },
  } as never)
  app.get('/o', ok)
  const answer = await app.inject({ url: '/o', headers: { secret: 'x' } })
  expect([answer.statusCode, answer.headers.allow]).toEqual([404, undefined])
  expect((await app.inject({ method: 'POST', url: '/o' })).statusCode).toBe(405)
})

it('callNotFound stays a 404, beside a route for another method too', async () => {
  const { app } = await buildApp()
  app.get('/gone', (_request, reply) => reply.callNotFound())
  app.post('/gone', ok)
  const answer = await app.inject('/gone')
  expect([answer.statusCode, answer.headers.allow]).toEqual([404, undefined])
})

it('HEAD and OPTIONS are as Fastify has them', async () => {
  const bare = Fastify()
  const { app } = await buildApp()
  for (const each of [bare, app]) {
    each.get('/get', ok)
    each.post('/post', ok)
    each.options('/options', ok)
  }
  for (const method of ['HEAD', 'OPTIONS'] as const) {
    for (const url of ['/get', '/post', '/options', '/nowhere']) {
      const [expected, answer] = [
        await bare.inject({ method, url }),
        await app.inject({ method, url }),
      ]
      expect(answer.statusCode).toBe(expected.statusCode)
    }
  }
})

it('hooks run for it as they do for an unknown route', async () => {
  const { app } = await buildApp()
  const seen: string[] = []
  app.addHook('onRequest', async () => void seen.push('onRequest'))
  app.addHook('preHandler', async () => void seen.push('preHandler'))
  app.addHook('onSend', async () => void seen.push('onSend'))
  app.get('/', ok)
  await app.inject({ method: 'POST', url: '/' })
  expect(seen).toEqual(['onRequest', 'preHandler', 'onSend'])
})

it('a method that Fastify does not know, over a real connection', async () => {
  const { app } = await buildApp()
  app.get('/', ok)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const answer = await new Promise<[number | undefined, unknown]>((resolve, reject) => {
    const call = request({ port, host: '127.0.0.1', method: 'PROPFIND' }, (response) => {
      response.resume()
      resolve([response.statusCode, response.headers.allow])
    })
    call.on('error', reject).end()
  })
  expect(answer).toEqual([405, 'GET, HEAD'])
  await app.close()
})

it('the option methodNotAllowed switches it off', async () => {
  const { app } = await buildApp({ methodNotAllowed: false })
  app.get('/', ok)
  expect((await app.inject({ method: 'POST', url: '/' })).json().error).toEqual({
    id: 'not-found',
    message: 'Route POST:/ not found',
  })
})

it('a not-found handler of the application stays its own, and routes that were there before count', async () => {
  const app = Fastify()
  app.get('/before', ok)
  await app.register(scsPlugin, { audit: false })
  app.register(
    async (child) => {
      child.get('/o', ok)
      child.setNotFoundHandler((_request, reply) => reply.code(404).send('own'))
    },
    { prefix: '/child' },
  )
  expect((await app.inject({ method: 'POST', url: '/child/o' })).body).toBe('own')
  expect((await app.inject({ method: 'POST', url: '/before' })).statusCode).toBe(405)
})

it('an error registered for 405 by the name of the status is the built-in one; another is for abort', async () => {
  const { app } = await buildApp()
  app.scs.registerError({ code: 405, id: 'read-only', message: 'Only reading', isDefault: true })
  app.get('/', ok)
  expect((await app.inject({ method: 'POST', url: '/' })).json().error.id).toBe(
    'method-not-allowed',
  )
})

it('a route that is hidden is told by no method, however its path is written; others are told as ever', async () => {
  const { app } = await buildApp()
  app.get('/hidden/*', { config: { isHidden: true } }, ok)
  app.get('/tenants/:tenant/hidden', { config: { isHidden: true } }, ok)
  app.get('/orders', ok)
  for (const url of ['/hidden/x', '/%68idden/x', '/tenants/a/hidden'])
    for (const method of ['POST', 'PUT', 'DELETE'] as const) {
      const answer = await app.inject({ method, url })
      expect(answer.json().error.id, `${method} ${url}`).toBe('not-found')
      expect(answer.headers.allow).toBeUndefined()
    }
  expect((await app.inject('/hidden/x')).body).toBe('ok')
  expect((await app.inject({ method: 'POST', url: '/orders' })).statusCode).toBe(405)
})
