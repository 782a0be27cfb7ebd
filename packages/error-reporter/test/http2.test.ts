import { once } from 'node:events'
import { connect } from 'node:http2'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import { boom, buildApp, onlyReport, type TestApp } from './build-app.js'
import { gate } from './gate.js'

/** An app on HTTP/2 without TLS. */
async function buildHttp2(server: FastifyServerOptions = {}): Promise<TestApp> {
  const options = { http2: true, ...server } as FastifyServerOptions
  return buildApp({ server: options })
}

/** Asks for a path over HTTP/2, and waits until the stream and the connection are gone. */
async function ask(app: FastifyInstance, headers: Record<string, string> = {}): Promise<number> {
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => app.close())
  const session = connect(url)
  const stream = session.request({ ':path': '/', ...headers }).resume()
  const [head] = (await once(stream, 'response')) as [{ ':status'?: number }]
  await once(stream, 'close')
  session.close()
  await once(session, 'close')
  return head[':status'] ?? 0
}

describe('over HTTP/2 a report shows the client’s address', () => {
  const routes: Record<string, (app: FastifyInstance) => unknown> = {
    'of a crash': (app) => app.get('/', boom),
    'of an answer of 500 that is returned': (app) =>
      app.get('/', (_request, reply) => reply.code(503).send({ error: 'GONE' })),
    'of one that another error handler makes': (app) => {
      app.setErrorHandler((_error, _request, reply) => reply.code(500).send('sorry'))
      app.get('/', boom)
    },
    'of an error that is told while the call goes on': (app) =>
      app.get('/', (request) => {
        request.reportError('Oops')
        return 'fine'
      }),
    'of an error that is told when the client has gone': (app) =>
      app.get('/', (request, reply) => {
        reply.raw.on('close', () => setImmediate(() => request.reportError('too late')))
        return 'fine'
      }),
    'of an answer that is written past Fastify': (app) =>
      app.get('/', (_request, reply) => {
        reply.hijack()
        reply.raw.writeHead(502).end('x')
      }),
  }

  it.each(Object.entries(routes))('%s', async (_what, route) => {
    const test = await buildHttp2()
    route(test.app)
    await ask(test.app)
    while (test.calls.length === 0) await test.reported()
    const { user, request } = await onlyReport(test)
    expect(user?.ip).toBe('127.0.0.1')
    expect(request?.base_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
  })

  it('behind a proxy the address that it forwards', async () => {
    const test = await buildHttp2({ trustProxy: true })
    test.app.get('/', boom)
    expect(await ask(test.app, { 'x-forwarded-for': '10.1.2.3' })).toBe(500)
    expect((await onlyReport(test)).user?.ip).toBe('10.1.2.3')
  })
})

it('over HTTP/2 an answer of 500 that is written to the raw response is reported', async () => {
  const test = await buildHttp2()
  test.app.get('/', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(502).end('x')
  })
  expect(await ask(test.app)).toBe(502)
  expect((await onlyReport(test)).response?.status).toBe(502)
})

it('over HTTP/2 a client disconnect is not a crash', async () => {
  const test = await buildHttp2()
  const seen = gate()
  test.app.get('/', async (request) => {
    seen.open()
    await once(request.raw, 'aborted')
    throw new DOMException('gone', 'AbortError')
  })
  const session = connect(await test.app.listen({ port: 0, host: '127.0.0.1' }))
  const stream = session.request({ ':path': '/' }).on('error', () => undefined)
  await seen.opened
  stream.close(8)
  session.close()
  await once(session, 'close')
  expect(await test.reported()).toEqual([])
  await test.app.close()
})
