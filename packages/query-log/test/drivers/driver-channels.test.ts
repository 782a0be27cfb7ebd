import { channel, tracingChannel } from 'node:diagnostics_channel'
import scsPlugin from '@fastify-scs/core'
import Fastify, { type FastifyInstance } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import queryLog from '../../src/index.js'
import { buildApp } from '../build-app.js'
import { toldOf } from './observed-app.js'

const BY_DEFAULT = [
  ...['query', 'execute', 'pool:connect'].map((name) => `mysql2:${name}`),
  ...['command', 'batch', 'connect'].map((name) => `node-redis:${name}`),
]
const OF_IOREDIS = ['command', 'connect'].map((name) => `ioredis:${name}`)
const CHANNELS = [...BY_DEFAULT, ...OF_IOREDIS]
const STEPS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error']
const ALL = [
  ...CHANNELS.flatMap((name) => STEPS.map((step) => `tracing:${name}:${step}`)),
  'node-redis:pool:connection-wait',
  'node-redis:connection:ready',
  'sqlite.db.query',
]

/** Names of the channels that somebody listens to. */
function heard(): string[] {
  return ALL.filter((name) => channel(name).hasSubscribers)
}

function startsOf(names: readonly string[]): string[] {
  return names.map((name) => `tracing:${name}:start`)
}

/** What a driver does that tells of a query. */
function runQuery(query: string): Promise<unknown> {
  return tracingChannel('mysql2:query').tracePromise(async () => [], { query })
}

function addRoute(app: FastifyInstance, query: string): void {
  app.get('/', async (request) => {
    await runQuery(query)
    return toldOf(request).texts
  })
}

describe('the channels of drivers', () => {
  it('are listened to until the app is closed, by the last one that is', async () => {
    expect(heard()).toEqual([])
    const first = await buildApp()
    expect(heard()).not.toContain('tracing:mysql2:connect:start')
    const all = heard()
    expect(all).toEqual(expect.arrayContaining(startsOf(BY_DEFAULT)))
    expect(all.filter((name) => name.includes('ioredis'))).toEqual([])
    const second = await buildApp()
    await first.app.close()
    expect(heard()).toEqual(all)
    await second.app.close()
    expect(heard()).toEqual([])
  })

  it('are not listened to without the option channels', async () => {
    await buildApp({ channels: false })
    expect(heard()).toEqual([])
  })

  it('are those of the drivers of a list', async () => {
    await buildApp({ channels: ['ioredis', 'ioredis'] })
    expect(heard()).toEqual(expect.arrayContaining(startsOf(OF_IOREDIS)))
    expect(heard().filter((name) => !name.includes('ioredis'))).toEqual([])
  })

  it('are not listened to any more after 100 apps that were closed', async () => {
    for (let cycle = 0; cycle < 100; cycle++) {
      const app = Fastify()
      await app.register(scsPlugin, { source: 'test', audit: false })
      await app.register(queryLog, { channels: ['ioredis', '@redis/client', 'mysql2'] })
      await app.ready()
      expect(heard()).toContain('tracing:ioredis:command:start')
      await app.close()
      expect(heard()).toEqual([])
    }
  })

  it('tell a query to an app that has the plugin in a child context alone', async () => {
    const app = Fastify()
    onTestFinished(() => app.close())
    await app.register(scsPlugin, { source: 'test', audit: false })
    await app.register(async (child) => {
      await child.register(queryLog)
      addRoute(child as FastifyInstance, 'SELECT a')
    })
    app.get('/outside', async (request) => {
      await runQuery('SELECT b')
      return toldOf(request).texts
    })
    expect((await app.inject('/')).json()).toEqual(['SELECT a'])
    expect((await app.inject('/outside')).json()).toEqual([])
    await app.close()
    expect(heard()).toEqual([])
  })

  it('tell a query to one of two apps, that of its request', async () => {
    const [first, second] = [await buildApp(), await buildApp()]
    addRoute(first.app, 'SELECT a')
    addRoute(second.app, 'SELECT b')
    const answers = await Promise.all([first.app.inject('/'), second.app.inject('/')])
    expect(answers.map((answer) => answer.json())).toEqual([['SELECT a'], ['SELECT b']])
    expect(first.app.queryLog.stats().queries).toBe(1)
    expect(second.app.queryLog.stats().queries).toBe(1)
  })

  it('still bring a callback back to its request when another app has closed', async () => {
    const [first, second] = [await buildApp(), await buildApp()]
    await first.app.close()
    let callBack: (() => void) | undefined
    second.app.get('/slow', async (request) => {
      await new Promise<void>((resolve) => {
        const query = tracingChannel('mysql2:query')
        const run = (done: () => void): void => {
          callBack = done
        }
        query.traceCallback(run, 0, { query: 'SELECT a' }, null, () => {
          void runQuery('SELECT b').then(() => resolve())
        })
      })
      return toldOf(request).texts
    })
    const answer = second.app.inject('/slow')
    while (callBack === undefined) await new Promise((resolve) => setImmediate(resolve))
    callBack()
    expect((await answer).json()).toEqual(['SELECT a', 'SELECT b'])
  })

  it.each([
    undefined,
    null,
    'text',
    {},
    { query: 5, command: 5, args: 5, sql: 5 },
    { command: 'get', args: [{}] },
    { query: 'SELECT 1', result: 5, error: null },
  ])('survive a message such as %j', async (message) => {
    const { app } = await buildApp({
      channels: ['mysql2', '@redis/client', 'node:sqlite', 'ioredis'],
    })
    app.get('/', async () => {
      for (const name of ALL) channel(name).publish(message)
      return 'done'
    })
    expect((await app.inject('/')).body).toBe('done')
    await new Promise((resolve) => setImmediate(resolve))
    expect(app.queryLog.stats().failures).toBe(0)
  })
})
