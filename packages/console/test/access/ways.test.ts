import basicAuth from '@fastify/basic-auth'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'
import { listen, rawRequest } from '../raw-request.js'

let app: FastifyInstance | undefined

afterEach(() => app?.close())

const credentials = (name: string, password: string) =>
  `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`

describe('the usual ways to say who may see the console', () => {
  it('is basic authentication: a browser gets its challenge, and is let in with the password', async () => {
    app = await buildApp({
      before: (app) =>
        app.register(basicAuth, {
          authenticate: { realm: 'console' },
          validate: async (name, password) => {
            if (name !== 'ops' || password !== 'secret') throw new Error('wrong')
          },
        }),
      console: {
        authorize: (request, reply) =>
          new Promise((resolve) => {
            request.server.basicAuth(request, reply, (error) => {
              resolve(error === undefined || reply.send(error))
            })
          }),
      },
      // An answer that takes its time is an answer all the same.
      after: (app) =>
        app.addHook('onSend', async () => {
          await new Promise((resolve) => setTimeout(resolve, 5))
        }),
    })
    const port = await listen(app)
    const challenged = await rawRequest(port, 'GET /_scs HTTP/1.1')
    expect(challenged).toMatch(/^HTTP\/1.1 401 /)
    expect(challenged).toMatch(/^www-authenticate: Basic realm="console"/im)
    expect(challenged).toContain('"id":"unauthenticated"')
    const ask = (authorization: string) =>
      app?.inject({ url: '/_scs/api/session', headers: { authorization } })
    expect((await ask(credentials('ops', 'wrong')))?.statusCode).toBe(401)
    expect((await ask(credentials('ops', 'secret')))?.statusCode).toBe(200)
  })

  it('is the role of a session', async () => {
    app = await buildApp({
      before: (app) => {
        app.decorateRequest('user', null)
        app.addHook('onRequest', async (request: FastifyRequest & { user?: unknown }) => {
          request.user = { id: 'ann', role: request.headers['x-role'] }
        })
      },
      console: {
        authorize: (request) => (request as unknown as SessionRequest).user.role === 'admin',
      },
    })
    const ask = (role: string) =>
      app?.inject({ url: '/_scs/api/session', headers: { 'x-role': role } })
    expect((await ask('guest'))?.statusCode).toBe(404)
    const answer = await ask('admin')
    expect(answer?.json()).toMatchObject({ user: 'ann', canChange: false, token: null })
  })

  it('is this machine only', async () => {
    app = await buildApp({
      console: {
        authorize: ({ socket, hostname }) =>
          ['127.0.0.1', '::1'].includes(socket.remoteAddress ?? '') &&
          ['localhost', '127.0.0.1'].includes(hostname) &&
          process.env.NODE_ENV !== 'production',
      },
    })
    const port = await listen(app)
    expect(await rawRequest(port, 'GET /_scs HTTP/1.1\r\nHost: localhost')).toMatch(
      /^HTTP\/1.1 200 /,
    )
    const remoteAddress = '10.0.0.1'
    expect((await app.inject({ url: '/_scs', remoteAddress })).statusCode).toBe(404)
    // A page from elsewhere whose own name leads to this machine.
    const headers = { host: 'evil.example' }
    expect((await app.inject({ url: '/_scs', headers })).statusCode).toBe(404)
  })

  it('has to be named: the error of a console without it shows three ways', async () => {
    const refused = buildApp({ console: { authorize: undefined as never } })
    await expect(refused).rejects.toMatchObject({ code: 'SCS_CONSOLE_ERR_AUTHORIZE' })
    await expect(refused).rejects.toThrow(/session[\s\S]*basicAuth[\s\S]*127\.0\.0\.1/)
  })

  it('is asked before a body is read', async () => {
    app = await buildApp({
      console: { authorize: (_request, reply) => reply.code(401).send('no') },
    })
    const port = await listen(app)
    const head = 'POST /_scs/api/groups/abc HTTP/1.1\r\nContent-Type: application/json'
    // The body never comes.
    expect(await rawRequest(port, `${head}\r\nContent-Length: 100`)).toMatch(/^HTTP\/1.1 401 /)
  })

  it('only counts true as yes', async () => {
    app = await buildApp({ console: { authorize: (request) => request.headers['x-say'] } })
    const ask = { url: '/_scs', headers: { 'x-say': 'true' } }
    expect((await app.inject(ask)).statusCode).toBe(404)
  })
})

interface SessionRequest {
  readonly user: { readonly role: string }
}
