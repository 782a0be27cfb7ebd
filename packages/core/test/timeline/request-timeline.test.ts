import scsPlugin, { type ScsOptions } from '@fastify-scs/core'
import type { RequestTimelineEntry } from '@fastify-scs/core/kit'
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'

async function buildApp(options: ScsOptions = {}): Promise<FastifyInstance> {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(scsPlugin, { audit: false, ...options })
  return app
}

const calls = (request: FastifyRequest) => [
  {
    id: 'c1',
    method: 'GET',
    url: `https://a.test${request.url}`,
    createdAt: new Date().toISOString(),
  },
]

const whatOf = (entries: readonly RequestTimelineEntry[]) => entries.map(({ what }) => what)

it('has the arrival first where a plugin follows requests, and what facts tell', async () => {
  const app = await buildApp()
  app.scs.lifecycle.subscribe({ onArrival: () => undefined })
  app.scs.requestFacts.add('outbound_calls', calls)
  app.get('/orders/:id', async (request) => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return request.timeline()
  })
  const before = Date.now()
  const answer = await app.inject('/orders/42?token=s3cr3t-value-9')
  const entries = answer.json<RequestTimelineEntry[]>()
  expect(whatOf(entries)).toEqual(['arrival', 'call'])
  const [arrival, call] = entries as [RequestTimelineEntry, RequestTimelineEntry]
  expect(arrival.title).toMatch(/^GET \/orders\/42/)
  expect(arrival.title).not.toContain('s3cr3t')
  expect(arrival.at).toBeGreaterThan(before - 5)
  expect(call.at - arrival.at).toBeGreaterThan(10)
})

it('has the arrival before all that has happened, whichever clock told of it', async () => {
  const app = await buildApp()
  app.scs.lifecycle.subscribe({ onArrival: () => undefined })
  const at = Date.now() - 60_000
  app.scs.requestFacts.add('log_lines', () => [{ at, level: 'info', message: 'early' }])
  app.get('/', (request) => request.timeline())
  const entries = (await app.inject('/')).json<RequestTimelineEntry[]>()
  expect(entries.map((entry) => [entry.what, entry.at])).toEqual([
    ['arrival', at],
    ['log', at],
  ])
})

it('has no arrival where no plugin follows requests', async () => {
  const app = await buildApp()
  app.scs.requestFacts.add('outbound_calls', calls)
  app.get('/', (request) => request.timeline())
  expect(whatOf((await app.inject('/')).json())).toEqual(['call'])
})

it('is there in handlers, hooks and child contexts, beside decorators of other plugins', async () => {
  const app = await buildApp()
  app.decorateRequest('note', null)
  app.scs.requestFacts.add('outbound_calls', calls)
  const seen: string[][] = []
  app.addHook('onError', (request, _reply, _error, done) => {
    seen.push(['onError', ...whatOf(request.timeline())])
    done()
  })
  app.addHook('onResponse', (request, _reply, done) => {
    seen.push(['onResponse', ...whatOf(request.timeline())])
    done()
  })
  await app.register(
    async (child) => {
      child.get('/', (request) => {
        seen.push(['handler', ...whatOf(request.timeline())])
        throw new Error('it broke')
      })
    },
    { prefix: '/child' },
  )
  expect((await app.inject('/child')).statusCode).toBe(500)
  expect((await app.inject('/unknown')).statusCode).toBe(404)
  expect(seen).toEqual([
    ['handler', 'call'],
    ['onError', 'call'],
    ['onResponse', 'call'],
    ['onResponse', 'call'],
  ])
})

it('is there for each of two contexts that have a core of their own', async () => {
  const app = Fastify()
  onTestFinished(() => app.close())
  for (const prefix of ['/a', '/b']) {
    await app.register(
      async (child) => {
        await child.register(scsPlugin, { audit: false })
        child.scs.requestFacts.add('log_lines', () => [{ at: 1, level: 'info', message: prefix }])
        child.get('/', (request) => request.timeline())
      },
      { prefix },
    )
  }
  const titles = async (url: string) =>
    (await app.inject(url)).json<RequestTimelineEntry[]>().map(({ title }) => title)
  expect([await titles('/a'), await titles('/b')]).toEqual([['info: /a'], ['info: /b']])
})

it('never throws: what fails is counted', async () => {
  const app = await buildApp()
  app.scs.requestFacts.add('broken', () => {
    throw new Error('fact')
  })
  app.scs.requestFacts.add(
    'log_lines',
    () =>
      new Proxy([], {
        get: () => {
          throw new Error('trap')
        },
      }),
  )
  app.get('/', (request) => request.timeline())
  expect((await app.inject('/')).json()).toEqual([])
  expect(app.scs.stats().callbackFailures.requestFact).toBe(2)
})
