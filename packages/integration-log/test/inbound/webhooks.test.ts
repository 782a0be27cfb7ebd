import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import websocket from '@fastify/websocket'
import { abort } from '@fastify-scs/core'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { buildApp, only } from '../build-app.js'

const integration = { service: 'stripe', description: 'Subscription Notification' }

it('a webhook that is answered with 2xx is Completed, with what came and what was sent', async () => {
  const { app, records } = await buildApp({ core: { user: () => 'stripe-bot' } })
  app.post('/hooks/:kind', { integration }, async (request) => {
    request.body = undefined
    return { received: true, token: 't' }
  })
  await app.inject({
    method: 'POST',
    url: '/hooks/charge?n=1&api_key=k',
    headers: { 'stripe-signature': 't=1,v1=abc', host: 'shop.example' },
    payload: { type: 'charge.paid', client_secret: 'x' },
  })
  expect(only(await records())).toMatchObject({
    service: 'stripe',
    description: 'Subscription Notification',
    isRemoteRequest: false,
    status: 'Completed',
    method: 'POST',
    url: 'http://shop.example/hooks/charge?n=1&api_key=[redacted]',
    requestHeaders: { 'content-type': 'application/json' },
    data: { type: 'charge.paid', client_secret: '[redacted]' },
    responseHeaders: { 'content-type': 'application/json; charset=utf-8' },
    output: { received: true, token: '[redacted]' },
    error: null,
    statusCode: 200,
    durationMs: expect.any(Number),
    requestId: 'req-1',
    owner: 'stripe-bot',
    route: '/hooks/:kind',
  })
})

it('the option also works in config; other routes are not recorded and have no handle', async () => {
  const { app, records } = await buildApp()
  app.get('/hook', { config: { integration: { service: 'a' } } }, () => 'ok')
  app.get('/other', (request) => {
    expect(() => request.integration).toThrow(
      expect.objectContaining({ code: 'SCS_INTEGRATION_ERR_NOT_A_WEBHOOK' }),
    )
    return 'ok'
  })
  await app.inject('/hook')
  await app.inject('/other')
  expect(only(await records())).toMatchObject({ service: 'a', output: 'ok' })
})

it('a thrown error makes the webhook Failed, with the error and the answer', async () => {
  const { app, records } = await buildApp()
  app.post('/hook', { integration }, () => {
    throw new Error('db at postgres://u:pw@h is down')
  })
  app.get('/gone', { integration }, () => abort(410))
  await app.inject({ method: 'POST', url: '/hook', payload: { a: 1 } })
  await app.inject('/gone')
  expect(await records()).toMatchObject([
    {
      status: 'Failed',
      statusCode: 500,
      data: { a: 1 },
      output: null,
      error: {
        name: 'Error',
        message: 'db at postgres://[redacted]@h is down',
        answer: { error: { id: 'internal-server-error' } },
      },
    },
    { status: 'Failed', statusCode: 410, error: { answer: { error: { id: 'gone' } } } },
  ])
})

it('a returned 4xx answer makes it Failed, with its body', async () => {
  const { app, records } = await buildApp()
  app.get('/hook', { integration }, (_request, reply) => reply.code(409).send({ conflict: true }))
  await app.inject('/hook')
  expect(only(await records())).toMatchObject({ status: 'Failed', error: { conflict: true } })
})

it('a body that cannot be parsed, and a request that a hook refuses, are recorded too', async () => {
  const { app, records } = await buildApp()
  const refuse = async () => abort(401)
  app.addHook('onRequest', async (request) => {
    if (request.headers['x-early'] !== undefined) await refuse()
  })
  app.post('/hook', { integration, preHandler: refuse }, () => 'ok')
  const headers = { 'content-type': 'application/json' }
  await app.inject({ method: 'POST', url: '/hook', headers, payload: '{' })
  await app.inject({ method: 'POST', url: '/hook', headers, payload: '{"a":1}' })
  await app.inject({ method: 'POST', url: '/hook', headers: { 'x-early': '1' } })
  expect(await records()).toMatchObject([
    { status: 'Failed', statusCode: 400, data: null },
    { status: 'Failed', statusCode: 401, data: { a: 1 } },
    { status: 'Failed', statusCode: 401, data: null },
  ])
})

it('what the handler sets itself stays', async () => {
  const { app, records } = await buildApp()
  app.post('/update', { integration }, (request) => {
    request.integration.update({ order: 7 }, 'Authorized')
    return { ok: 1 }
  })
  app.post('/fail', { integration }, (request) => {
    request.integration.fail('signature is wrong')
    return { ok: 1 }
  })
  app.post('/complete', { integration }, (request, reply) => {
    request.integration.complete({ own: true })
    return reply.code(500).send({ ok: 0 })
  })
  app.post('/cancel', { integration }, (request) => {
    request.integration.cancel()
    return 'ok'
  })
  app.post(
    '/early',
    {
      integration,
      preParsing: (request, _reply, payload, done) => {
        request.integration.update({ early: true })
        done(null, payload)
      },
    },
    () => 'ok',
  )
  for (const url of ['/early', '/update', '/fail', '/complete', '/cancel'])
    await app.inject({ method: 'POST', url, payload: { a: 1 } })
  expect(await records()).toMatchObject([
    { status: 'Completed', data: { a: 1, early: true } },
    { status: 'Authorized', data: { a: 1, order: 7 }, output: { ok: 1 }, statusCode: 200 },
    { status: 'Failed', error: 'signature is wrong', output: null, statusCode: 200 },
    { status: 'Completed', output: { own: true }, error: null, statusCode: 500 },
    { status: 'Cancelled', output: 'ok' },
  ])
})

it('answers of text, bytes, a stream or nothing are recorded', async () => {
  const { app, records } = await buildApp({ log: { maxBodyBytes: 10 } })
  app.get('/long', { integration }, () => 'x'.repeat(50))
  app.get('/bytes', { integration }, () => Buffer.from([1, 2, 0xff]))
  app.get('/stream', { integration }, () => Readable.from(['a', 'b']))
  app.get('/empty', { integration }, (_request, reply) => reply.code(204).send())
  for (const url of ['/long', '/bytes', '/stream', '/empty']) await app.inject(url)
  expect(await records()).toMatchObject([
    { output: 'x'.repeat(10), truncated: true },
    { output: { type: 'application/octet-stream', bytes: 3 } },
    { output: '[not recorded: a stream]' },
    { output: null, status: 'Completed', statusCode: 204 },
  ])
})

it('a client that disconnects makes it Failed', async () => {
  const { app, records } = await buildApp()
  const { promise: left, resolve } = withResolvers()
  const { promise: entered, resolve: enter } = withResolvers()
  app.post('/hook', { integration }, async (request) => {
    request.raw.socket.once('close', resolve)
    enter()
    await left
    return 'too late'
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.write(
    'POST /hook HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi',
  )
  await entered
  socket.destroy()
  await left
  await new Promise((done) => setImmediate(done))
  expect(only(await records())).toMatchObject({
    status: 'Failed',
    data: 'hi',
    statusCode: null,
    error: { message: 'the client left before the answer was sent' },
  })
  await app.close()
})

it.each([
  ['before the answer', null],
  ['within the answer', 200],
])('a client of HTTP/2 that leaves is a failure, too: %s', async (_when, statusCode) => {
  const { app, records } = await buildApp({ server: { http2: true } as object })
  const { promise: closed, resolve } = withResolvers()
  const { promise: entered, resolve: enter } = withResolvers()
  app.post('/hook', { integration }, (_request, reply) => {
    reply.hijack()
    reply.raw.once('close', resolve)
    if (statusCode !== null) reply.raw.writeHead(statusCode).write('the beginning')
    enter()
  })
  const session = connectHttp2(await app.listen({ host: '127.0.0.1', port: 0 }))
  const stream = session.request({ ':path': '/hook', ':method': 'POST' }).end()
  stream.on('error', () => undefined)
  await (statusCode === null ? entered : once(stream, 'response'))
  stream.close(8)
  await closed
  expect(only(await records())).toMatchObject({
    status: 'Failed',
    statusCode,
    error: { message: 'the client left before the answer was sent' },
  })
  session.close()
  await app.close()
})

it('a slow webhook is stored as Queued before it ends', async () => {
  const { app, records } = await buildApp({ log: { queuedAfterMs: 10 } })
  const { promise: stored, resolve } = withResolvers()
  app.get('/hook', { integration }, () => stored.then(() => 'ok'))
  const answer = app.inject('/hook')
  let found = await records()
  while (found.length === 0) found = await records()
  expect(only(found)).toMatchObject({ status: 'Queued', durationMs: null })
  resolve()
  await answer
  expect(only(await records())).toMatchObject({ id: found[0]?.id, status: 'Completed' })
})

it.each([
  [{}, 'other fields'],
  ['stripe', 'string'],
  [{ service: '' }, 'other fields'],
  [{ service: 'a', descripton: 'x' }, 'other fields; did you mean "description"?'],
])('a wrong route option is refused when the route is added: %j', async (wrong, found) => {
  const { app } = await buildApp()
  expect(() => app.post('/hook', { integration: wrong as never }, () => 'ok')).toThrow(
    expect.objectContaining({
      code: 'SCS_INTEGRATION_ERR_ROUTE',
      message: `Route POST /hook: integration must be { service, description?, reference?, key? }, got ${found}`,
    }),
  )
})

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

it('a WebSocket is Completed by its 101, however its connection ends', async () => {
  const { app, records } = await buildApp()
  await app.register(websocket)
  const { promise: closed, resolve } = withResolvers()
  app.get('/live', { integration, websocket: true }, (socket) => void socket.once('close', resolve))
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const client = new WebSocket(`${origin.replace('http', 'ws')}/live`)
  await once(client, 'open')
  client.terminate()
  await closed
  await new Promise((done) => setImmediate(done))
  expect(only(await records())).toMatchObject({ status: 'Completed', statusCode: 101, error: null })
  await app.close()
})
