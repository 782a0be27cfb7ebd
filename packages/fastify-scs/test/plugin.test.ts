import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import fastifyScs, { defineError, type FastifyScsOptions } from 'fastify-scs'
import { afterEach, expect, it, vi } from 'vitest'

const quiet = { logger: { level: 'silent' } }
const quietOptions: FastifyScsOptions = { source: 'orders', audit: false }
const soldOut = defineError({ code: 409, id: 'orders-sold-out', message: 'Sold out' })
const DECORATORS = ['scs', 'scsStore', 'errorReporter', 'slowCall', 'queryLog', 'integrations']

let app: FastifyInstance
afterEach(async () => {
  vi.unstubAllEnvs()
  await app?.close()
})

function decoratorsOf(made: FastifyInstance): readonly string[] {
  return DECORATORS.filter((name) => made.hasDecorator(name))
}

it('registers every plugin, on the app itself, and the console shows what the store has', async () => {
  app = Fastify(quiet)
  await app.register(fastifyScs, {
    ...quietOptions,
    store: 'memory:',
    console: { prefix: '/_scs', authorize: () => true },
  })
  expect(decoratorsOf(app)).toEqual(DECORATORS)
  app.get('/crash', () => {
    throw new TypeError('the basket is no list')
  })
  const crash = await app.inject('/crash')
  expect(crash.statusCode).toBe(500)
  await app.errorReporter.flush()
  const { items } = await app.scsStore.find('reports')
  expect(items).toMatchObject([{ keys: { status: 'fatal', service: 'orders' } }])
  expect((await app.inject('/_scs/')).headers['content-type']).toContain('text/html')
})

it('keeps reports in a SQLite file that its URL names', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fastify-scs-'))
  const url = `sqlite:${join(folder, 'scs.db')}`
  app = Fastify(quiet)
  await app.register(fastifyScs, { ...quietOptions, store: { url, retentionDays: 7 } })
  await app.ready()
  app.reportError('The stock was not updated')
  await app.close()
  app = Fastify(quiet)
  await app.register(fastifyScs, { ...quietOptions, store: url })
  expect((await app.scsStore.find('reports')).items).toHaveLength(1)
  await app.close()
  rmSync(folder, { recursive: true })
})

it('leaves a plugin out that is false, and has no store and no console unless they are named', async () => {
  app = Fastify(quiet)
  await app.register(fastifyScs, {
    ...quietOptions,
    errorReporter: false,
    slowCall: false,
    queryLog: false,
    integrationLog: false,
  })
  expect(decoratorsOf(app)).toEqual(['scs'])
  expect((await app.inject('/_scs/')).statusCode).toBe(404)
})

it('needs no options', async () => {
  app = Fastify(quiet)
  await app.register(fastifyScs, { audit: false })
  expect(app.scs.source).toBe('app')
})

it('passes each its own options, and core those beside them', async () => {
  app = Fastify(quiet)
  const errorReporter = vi.fn()
  await app.register(fastifyScs, {
    ...quietOptions,
    errorFormat: 'problem',
    errorReporter: { errorReporter, environment: 'staging', code: false },
    slowCall: { maxMs: 250 },
  })
  app.scs.registerError(soldOut)
  app.get('/', () => {
    throw soldOut()
  })
  expect((await app.inject('/')).headers['content-type']).toContain('application/problem+json')
  expect(app.slowCall.maxMs).toBe(250)
  expect(app.errorReporter.environment).toBe('staging')
})

it('answers the routes of a context within the app as well', async () => {
  app = Fastify(quiet)
  app.register(fastifyScs, quietOptions)
  app.register(async (orders) => {
    orders.get('/orders/:id', () => {
      throw new Error('secret text')
    })
  })
  const response = await app.inject('/orders/7')
  expect(response.statusCode).toBe(500)
  expect(response.body).not.toContain('secret text')
})

it('reads the variables where no option is given', async () => {
  vi.stubEnv('SCS_SOURCE', 'shop')
  vi.stubEnv('SCS_STORE_URL', 'memory:')
  vi.stubEnv('SCS_ENVIRONMENT', 'staging')
  vi.stubEnv('SCS_SLOW_CALL_MS', '300')
  vi.stubEnv('SCS_RELEASE', '2.0.1')
  app = Fastify(quiet)
  await app.register(fastifyScs, { audit: false })
  expect(app.scs.source).toBe('shop')
  expect((await app.scsStore.stats()).engine).toBe('memory')
  expect(app.errorReporter).toMatchObject({ environment: 'staging', release: '2.0.1' })
  expect(app.slowCall.maxMs).toBe(300)
})
