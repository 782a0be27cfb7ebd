import { once } from 'node:events'
import { connect } from 'node:http2'
import scsPlugin from '@fastify-scs/core'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { buildApp, failureLines, keepIn, type Line } from '../build-app.js'

it('an unknown route is a 404 that names the path without the query', async () => {
  const { app, log } = await buildApp()
  const answer = await app.inject({ method: 'POST', url: '/nowhere?token=hunter2' })
  expect(answer.statusCode).toBe(404)
  expect(answer.json()).toEqual({
    error: { id: 'not-found', message: 'Route POST:/nowhere not found' },
  })
  expect(failureLines(log)).toHaveLength(1)
})

it('an unknown route is not-found whatever 404 is registered, and has the message of that id', async () => {
  const { app } = await buildApp()
  app.scs.registerError({ code: 404, id: 'no-such-thing', message: 'There is no such thing' })
  expect((await app.inject('/nowhere')).json()).toEqual({
    error: { id: 'not-found', message: 'Route GET:/nowhere not found' },
  })
  app.scs.registerError({ code: 404, id: 'not-found', message: 'Nobody lives here' })
  expect((await app.inject('/nowhere')).json()).toEqual({
    error: { id: 'not-found', message: 'Nobody lives here' },
  })
})

it('reply.callNotFound answers like an unknown route', async () => {
  const { app } = await buildApp({ errorFormat: 'problem' })
  app.get('/gone', (_request, reply) => reply.callNotFound())
  app.get('/gone-async', async (_request, reply) => {
    reply.callNotFound()
    return reply
  })
  for (const url of ['/gone', '/gone-async']) {
    const answer = await app.inject(url)
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ id: 'not-found', instance: url })
  }
})

it('hooks run for unknown routes as they do in bare Fastify', async () => {
  const { app } = await buildApp()
  const seen: string[] = []
  app.addHook('onRequest', async () => void seen.push('onRequest'))
  app.addHook('preHandler', async () => void seen.push('preHandler'))
  app.addHook('onSend', async () => void seen.push('onSend'))
  await app.inject('/nowhere')
  expect(seen).toEqual(['onRequest', 'preHandler', 'onSend'])
})

it('the application can set a not-found handler of its own, before or after', async () => {
  for (const order of ['before', 'after']) {
    const app = Fastify()
    const own = (): void => {
      app.setNotFoundHandler((_request, reply) => reply.code(404).send('own'))
    }
    if (order === 'before') own()
    await app.register(scsPlugin, { audit: false })
    if (order === 'after') own()
    expect((await app.inject('/nowhere')).body).toBe('own')
  }
})

it('a plugin registered later can set a not-found handler and an error handler on its own context', async () => {
  const { app } = await buildApp()
  app.register(
    async (child) => {
      child.setNotFoundHandler((_request, reply) => reply.code(404).send('child: nowhere'))
      child.setErrorHandler((_error, _request, reply) => reply.code(500).send('child: failed'))
      child.get('/fail', () => {
        throw new Error('x')
      })
    },
    { prefix: '/child' },
  )
  app.get('/fail', () => {
    throw new Error('x')
  })
  expect((await app.inject('/child/nowhere')).body).toBe('child: nowhere')
  expect((await app.inject('/child/fail')).body).toBe('child: failed')
  expect((await app.inject('/nowhere')).json().error.id).toBe('not-found')
  expect((await app.inject('/fail')).json().error.id).toBe('internal-server-error')
})

it('a context without a prefix can set the not-found handler, as in bare Fastify', async () => {
  const { app } = await buildApp()
  app.register(async (child) => {
    child.setNotFoundHandler((_request, reply) => reply.code(404).send('child: nowhere'))
  })
  expect((await app.inject('/nowhere')).body).toBe('child: nowhere')
})

it('an error handler of a child context that throws hands the error on to core', async () => {
  const { app } = await buildApp()
  app.register(async (child) => {
    child.setErrorHandler((error) => {
      throw error
    })
    child.get('/', () => {
      throw Object.assign(new Error('taken'), { statusCode: 409 })
    })
  })
  expect((await app.inject('/')).json().error).toEqual({ id: 'conflict', message: 'taken' })
})

it('an error in a hook of an unknown route is answered in the format', async () => {
  const { app } = await buildApp()
  app.addHook('onRequest', async () => {
    throw new Error('secret detail')
  })
  const answer = await app.inject('/nowhere')
  expect(answer.statusCode).toBe(500)
  expect(answer.json().error.id).toBe('internal-server-error')
})

it.each([
  ['scs', { error: { id: 'not-found', message: 'Route BREW:/pot not found' } }],
  [
    'pymacaron',
    { error: 'NOT_FOUND', error_description: 'Route BREW:/pot not found', status: 404 },
  ],
] as const)(
  'a method that HTTP/2 lets through and Fastify has no place for is an unknown route, in the %s format',
  async (errorFormat, body) => {
    const log: Line[] = []
    const app = Fastify({ http2: true, logger: { level: 'info', stream: keepIn(log) } })
    await app.register(scsPlugin, { audit: false, errorFormat })
    app.get('/pot', () => 'tea')
    await app.listen({ port: 0, host: '127.0.0.1' })
    const client = connect(app.listeningOrigin)
    try {
      const stream = client.request({ ':method': 'BREW', ':path': '/pot' })
      let text = ''
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      const [head] = await once(stream, 'response')
      await once(stream, 'end')
      expect([head[':status'], JSON.parse(text)]).toEqual([404, body])
      expect(failureLines(log)).toMatchObject([{ level: 30, msg: 'Route BREW:/pot not found' }])
    } finally {
      client.destroy()
      await app.close()
    }
  },
)

it("Fastify's frameworkErrors answers a bad URL and a parameter that is too long in the format", async () => {
  const { app } = await buildApp(
    {},
    {
      frameworkErrors: (error, request, reply) => {
        reply.server.scs.answerError(error, request, reply)
      },
    },
  )
  app.get('/o/:id', () => 'ok')
  expect((await app.inject('/o/%zz')).json().error.id).toBe('bad-request')
  const long = await app.inject(`/o/${'9'.repeat(200)}`)
  expect([long.statusCode, long.json().error.id]).toEqual([414, 'uri-too-long'])
})
