import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  Agent,
  bodyOfHandler,
  CallMark,
  Client,
  GLOBAL_DISPATCHERS,
  isDestroyed,
  isHeldApart,
  markOf,
  Pool,
  ProxyAgent,
  tellsChunks,
  withMark,
} from '../../src/transport/compat-undici.js'
import { listen } from '../upstream/listen.js'

const isNode22 = Number(process.versions.node.split('.')[0]) >= 22

/** What the copies of undici have in common, as far as it is used here. */
interface Undici {
  readonly Agent: new () => Dispatcher
  readonly Pool: new (origin: string) => Dispatcher
  request(url: string, options: object): Promise<{ readonly body: { text(): Promise<string> } }>
}

interface Dispatcher {
  dispatch(options: object, handler: object): boolean
  destroy(): Promise<void>
}

const copies: readonly (readonly [name: string, load: () => Promise<unknown>])[] = [
  ['undici 7', () => import('undici')],
  ['undici 6', () => import('undici6')],
  ...(isNode22 ? [['undici 8', () => import('undici8')] as const] : []),
]

let server: Server
let origin: string

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume()
    response.end('answer')
  })
  origin = await listen(server)
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

it('the files that are imported are the classes that undici exports', async () => {
  const undici = await import('undici')
  expect([Agent, Client, Pool, ProxyAgent]).toEqual([
    undici.Agent,
    undici.Client,
    undici.Pool,
    undici.ProxyAgent,
  ])
  expect(Agent.prototype.request).toBeTypeOf('function')
})

describe.each(copies)('%s', (_name, load) => {
  const loaded = async (): Promise<Undici> => (await load()) as Undici

  it.each([
    ['GET', {}],
    ['GET', { idempotent: false }],
    ['POST', { body: 'sent' }],
    ['POST', { body: 'sent', blocking: false }],
  ])('a request keeps the mark of its options: %s %j', async (method, more) => {
    const { request } = await loaded()
    const made: object[] = []
    const hear = (message: unknown): unknown => made.push((message as { request: object }).request)
    subscribe('undici:request:create', hear)
    const mark = new CallMark({}, true, undefined)
    try {
      const options = withMark({ method, ...more }, mark)
      await (await request(origin, options)).body.text()
    } finally {
      unsubscribe('undici:request:create', hear)
    }
    expect(made.map((each) => markOf(each))).toEqual([mark])
  })

  it('a request has a method that is told of an upgrade, and keeps apart the headers that it should', async () => {
    const { request } = await loaded()
    const made: { headers?: unknown }[] = []
    const hear = (message: unknown): unknown => made.push((message as { request: object }).request)
    subscribe('undici:request:create', hear)
    try {
      const headers = { host: 'a.test', 'x-kept': '1', 'content-length': '4' }
      await (await request(origin, { method: 'POST', headers, body: 'sent' })).body.text()
    } finally {
      unsubscribe('undici:request:create', hear)
    }
    const [first] = made as [
      { headers: readonly string[]; onUpgrade?: unknown; onRequestUpgrade?: unknown },
    ]
    expect(first.onUpgrade ?? first.onRequestUpgrade).toBeTypeOf('function')
    const names = [...first.headers].flat().filter((_part, at) => at % 2 === 0)
    expect(names).toEqual(['x-kept'])
    expect(names.some((name) => isHeldApart(name))).toBe(false)
  })

  it('the handler of request has the body of the response in `res`', async () => {
    const undici = await loaded()
    const handlers: object[] = []
    const agent = new undici.Agent()
    const dispatcher = new Proxy(agent, {
      get: (target, key) =>
        key === 'dispatch'
          ? (options: object, handler: object) => {
              handlers.push(handler)
              return target.dispatch(options, handler)
            }
          : Reflect.get(target, key),
    })
    const { body } = await undici.request(origin, { dispatcher })
    expect(handlers.map((handler) => bodyOfHandler(handler))).toEqual([body])
    await body.text()
    await agent.destroy()
  })

  it('a pool says whether it is destroyed', async () => {
    const undici = await loaded()
    const pool = new undici.Pool(origin)
    expect(isDestroyed(pool)).toBe(false)
    await pool.destroy()
    expect(isDestroyed(pool)).toBe(true)
  })
})

it('the built-in fetch has its dispatcher at the first of the symbols', async () => {
  await (await fetch(origin)).text()
  const [first] = GLOBAL_DISPATCHERS as [symbol]
  expect(Reflect.get(globalThis, first)).toHaveProperty('dispatch')
})

it.each([
  [undefined, false],
  ['6.99.0', false],
  ['7.15.9', false],
  ['7.16.0', true],
  ['8.0.0', true],
])('the channels of undici %s tell chunks: %s', (version, expected) => {
  expect(tellsChunks(version)).toBe(expected)
})
