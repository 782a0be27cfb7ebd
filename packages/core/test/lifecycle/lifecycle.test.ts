import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { Readable } from 'node:stream'
import scsPlugin, { currentRequest } from '@fastify-scs/core'
import { keepRequestContext, type LifeSubscriber, lifeOf } from '@fastify-scs/core/kit'
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it } from 'vitest'
import { buildApp } from '../build-app.js'

/** What a subscriber was told. */
interface Told {
  readonly arrivals: string[]
  readonly heads: (readonly [url: string, status: number])[]
}

function listenTo(app: FastifyInstance, rest: LifeSubscriber = {}): Told {
  const told: Told = { arrivals: [], heads: [] }
  app.scs.lifecycle.subscribe({
    onArrival: ({ request }) => void told.arrivals.push(request.url),
    onHead: ({ request }, status) => void told.heads.push([request.url, status]),
    ...rest,
  })
  return told
}

it('a subscriber is told of each arrival and of each head, whoever writes it', async () => {
  const { app } = await buildApp()
  const told = listenTo(app)
  app.get('/plain', () => 'ok')
  app.get('/stream', () => Readable.from(['a', 'b']))
  app.get('/raw', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(202)
    reply.raw.end()
  })
  app.get('/implicit', (_request, reply) => {
    reply.hijack()
    reply.raw.statusCode = 203
    reply.raw.end('x')
  })
  app.get('/throws', () => {
    throw new Error('broke')
  })
  const urls = ['/plain', '/stream', '/raw', '/implicit', '/throws', '/nowhere']
  for (const url of urls) await app.inject(url)
  expect(told.arrivals).toEqual(urls)
  expect(told.heads).toEqual([
    ['/plain', 200],
    ['/stream', 200],
    ['/raw', 202],
    ['/implicit', 203],
    ['/throws', 500],
    ['/nowhere', 404],
  ])
})

it('a subscriber is told of the statuses that it names only', async () => {
  const { app } = await buildApp()
  const told = listenTo(app, { headsFrom: 500 })
  for (const status of [200, 404, 500, 503])
    app.get(`/${status}`, (_request, reply) => reply.code(status).send('x'))
  for (const status of [200, 404, 500, 503]) await app.inject(`/${status}`)
  expect(told.heads).toEqual([
    ['/500', 500],
    ['/503', 503],
  ])
})

it('a subscriber may set a header of a failed answer when its head is about to be written', async () => {
  const { app } = await buildApp()
  const seen: number[] = []
  app.scs.lifecycle.subscribe({
    onFailedHead: ({ reply }, status) => {
      seen.push(status)
      reply.header('x-seen', String(status))
    },
  })
  for (const status of [200, 499, 500])
    app.get(`/${status}`, (_request, reply) => reply.code(status).send('x'))
  app.get('/hook', { onSend: async (_request, reply) => void reply.code(502) }, () => 'ok')
  const headers = []
  for (const url of ['/200', '/499', '/500', '/hook'])
    headers.push((await app.inject(url)).headers['x-seen'])
  expect(seen).toEqual([500, 502])
  expect(headers).toEqual([undefined, undefined, '500', '502'])
})

it('over HTTP/2 it is the same', async () => {
  const { app } = await buildApp({}, { http2: true } as object)
  const told = listenTo(app)
  app.get('/', (_request, reply) => reply.code(201).send('ok'))
  const session = connectHttp2(await app.listen({ port: 0, host: '127.0.0.1' }))
  await once(session.request({ ':path': '/' }).resume(), 'close')
  session.destroy()
  expect(told).toEqual({ arrivals: ['/'], heads: [['/', 201]] })
  await app.close()
})

it('a route that was declared before core or before the first subscriber is followed too', async () => {
  const app = Fastify()
  app.get('/before-core', () => 'ok')
  await app.register(scsPlugin, { audit: false })
  app.get('/before-subscriber', () => 'ok')
  const told = listenTo(app)
  for (const url of ['/before-core', '/before-subscriber']) await app.inject(url)
  expect(told.heads).toEqual([
    ['/before-core', 200],
    ['/before-subscriber', 200],
  ])
})

it('without a subscriber a request has no life, and its response is as Node made it', async () => {
  const { app } = await buildApp()
  app.get('/', (request, reply) => ({
    life: lifeOf(request) === undefined,
    own: Object.hasOwn(reply.raw, 'writeHead'),
  }))
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  expect(await (await fetch(address)).json()).toEqual({ life: true, own: false })
  await app.close()
})

it('once its subscription has ended it is told of nothing more', async () => {
  const { app } = await buildApp()
  let count = 0
  const end = app.scs.lifecycle.subscribe({ onHead: () => void count++ })
  app.get('/', () => 'ok')
  await app.inject('/')
  end()
  await app.inject('/')
  expect(count).toBe(1)
})

it('a head that Node refuses is none; the one that is sent instead is', async () => {
  const { app } = await buildApp()
  const told = listenTo(app)
  app.get('/', (_request, reply) => reply.header('x', 'filename="€"').send('x'))
  await app.inject('/')
  expect(told.heads).toEqual([['/', 500]])
})

it('a message that is routed twice in one app is one life, with the latest request', async () => {
  const { app } = await buildApp()
  const told = listenTo(app)
  app.get('/first', (request, reply) => {
    reply.hijack()
    request.raw.url = '/second'
    app.routing(request.raw, reply.raw)
  })
  app.get('/second', () => 'ok')
  expect((await app.inject('/first')).body).toBe('ok')
  expect(told).toEqual({ arrivals: ['/first'], heads: [['/second', 200]] })
})

it('a message that one app hands on to another is followed by both', async () => {
  const { app } = await buildApp()
  const { app: other } = await buildApp()
  const told = [listenTo(app), listenTo(other)]
  app.get('/', (request, reply) => {
    reply.hijack()
    other.routing(request.raw, reply.raw)
  })
  other.get('/', (_request, reply) => reply.code(201).send('ok'))
  await other.ready()
  expect((await app.inject('/')).statusCode).toBe(201)
  expect(told.map(({ heads }) => heads)).toEqual([[['/', 201]], [['/', 201]]])
})

describe('an answer is seen before the onSend hooks of the host', () => {
  async function seenBy(
    add: (app: FastifyInstance) => unknown,
  ): Promise<{ seen: unknown[]; body: string }> {
    const { app } = await buildApp()
    const seen: unknown[] = []
    app.scs.lifecycle.subscribe({
      onAnswer: (payload) => {
        seen.push(typeof payload === 'string' ? payload : typeof payload)
        return typeof payload === 'string' ? `${payload}!` : payload
      },
    })
    app.addHook('onSend', async (_request, _reply, payload) =>
      typeof payload === 'string' ? `<${payload}>` : payload,
    )
    add(app)
    const { body } = await app.inject('/')
    return { seen, body }
  }

  it('when its status is 500 or above', async () => {
    const of5xx = await seenBy((app) =>
      app.get('/', (_request, reply) => reply.code(503).send({ a: 1 })),
    )
    expect(of5xx).toEqual({ seen: ['{"a":1}'], body: '<{"a":1}!>' })
  })

  it('when it is a stream or a Response, whatever its status', async () => {
    const ofStream = await seenBy((app) => app.get('/', () => Readable.from(['ab'])))
    expect(ofStream).toEqual({ seen: ['object'], body: 'ab' })
    const ofResponse = await seenBy((app) => app.get('/', () => new Response('ab')))
    expect(ofResponse).toEqual({ seen: ['object'], body: 'ab' })
  })

  it('when a preSerialization hook has made it a failure', async () => {
    const found = await seenBy((app) =>
      app.get('/', { preSerialization: async (_request, reply) => void reply.code(500) }, () => ({
        a: 1,
      })),
    )
    expect(found).toEqual({ seen: ['{"a":1}'], body: '<{"a":1}!>' })
  })

  it('when the error handler of a child context makes it', async () => {
    const found = await seenBy((app) =>
      app.register(async (child) => {
        child.setErrorHandler((_error, _request, reply) => reply.code(500).send({ own: true }))
        child.get('/', () => {
          throw new Error('broke')
        })
      }),
    )
    expect(found).toEqual({ seen: ['{"own":true}'], body: '<{"own":true}!>' })
  })

  it('but not when it is well, nor when core makes it', async () => {
    expect(await seenBy((app) => app.get('/', () => ({ a: 1 })))).toEqual({
      seen: [],
      body: '<{"a":1}>',
    })
    const crash = await seenBy((app) =>
      app.get('/', () => {
        throw new Error('broke')
      }),
    )
    expect(crash.seen).toEqual([])
  })
})

it('the asynchronous context is kept by the same hook, for every route of the app', async () => {
  const { app } = await buildApp()
  app.get('/early', async (request) => ({ same: currentRequest() === request }))
  keepRequestContext(app)
  app.get('/late', async (request) => ({ same: currentRequest() === request }))
  for (const url of ['/early', '/late'])
    expect((await app.inject(url)).json()).toEqual({ same: true })
})

it('a child context may keep the asynchronous context for itself', async () => {
  const { app } = await buildApp()
  const found = (): object => ({ found: currentRequest() !== undefined })
  app.get('/outside', async () => found())
  await app.register(async (child) => {
    keepRequestContext(child)
    child.get('/inside', async () => found())
  })
  expect((await app.inject('/outside')).json()).toEqual({ found: false })
  expect((await app.inject('/inside')).json()).toEqual({ found: true })
})
