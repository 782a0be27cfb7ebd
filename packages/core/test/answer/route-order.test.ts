import scsPlugin, { type ScsOptions } from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import { keepIn, type Line } from '../build-app.js'

const fail = async (): Promise<never> => {
  throw new Error('secret of the database')
}

/** An app whose first routes are declared before core, and the warnings of its log. */
function buildApp(): { app: FastifyInstance; warnings: () => readonly Line[] } {
  const log: Line[] = []
  const app = Fastify({ logger: { level: 'warn', stream: keepIn(log) } })
  onTestFinished(() => app.close())
  return { app, warnings: () => log.filter(({ level }) => level === 40) }
}

const options: ScsOptions = { audit: false }

it('routes that were declared before core are named in a warning when the app is ready', async () => {
  const { app, warnings } = buildApp()
  app.get('/early', fail)
  app.register(async (child) => void child.post('/orders/:id', fail), { prefix: '/shop' })
  app.register(scsPlugin, options)
  app.get('/late', fail)
  await app.ready()
  expect(warnings()).toHaveLength(1)
  expect(warnings()[0]).toMatchObject({ routes: ['GET /early', 'POST /shop/orders/:id'] })
  expect(warnings()[0]?.msg).toContain('before @fastify-scs/core')
  expect((await app.inject('/early')).json().message).toBe('secret of the database')
  expect((await app.inject('/late')).body).not.toContain('secret')
})

it('with strictOrder the app does not start, and the error names the routes', async () => {
  const { app } = buildApp()
  app.get('/early', fail)
  app.register(scsPlugin, { ...options, strictOrder: true })
  await expect(app.ready()).rejects.toMatchObject({
    code: 'SCS_ERR_ROUTE_ORDER',
    message: expect.stringContaining('GET /early'),
  })
})

it('a route with an error handler of its own may be declared before core', async () => {
  const { app, warnings } = buildApp()
  app.get('/own', { errorHandler: (_error, _request, reply) => reply.send('own') }, fail)
  app.register(scsPlugin, { ...options, strictOrder: true })
  await app.ready()
  expect(warnings()).toEqual([])
})

it('routes that are declared after core are not looked at', async () => {
  const { app, warnings } = buildApp()
  await app.register(scsPlugin, { ...options, strictOrder: true })
  app.get('/', fail)
  await app.register(async (child) => void child.get('/child', fail))
  await app.ready()
  expect(warnings()).toEqual([])
})

it('where core is registered for one context only, the routes of other contexts are their own', async () => {
  const { app, warnings } = buildApp()
  app.get('/other', fail)
  await app.register(async (child) => {
    await child.register(scsPlugin, { ...options, strictOrder: true })
    child.get('/child', fail)
  })
  await app.ready()
  expect(warnings()).toEqual([])
})

it('of many routes ten are named, and the others are counted', async () => {
  const { app, warnings } = buildApp()
  for (let at = 0; at < 25; at++) app.get(`/early/${at}`, fail)
  await app.register(scsPlugin, options)
  await app.ready()
  expect(warnings()[0]?.routes).toHaveLength(10)
  expect(warnings()[0]).toMatchObject({ count: 25 })
})
