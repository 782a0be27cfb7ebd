import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocketServer, WebSocket as WsClient } from 'ws'
import { observeCalls } from '../../src/transport/observe.js'
import { buildApp, only } from '../build-app.js'
import { declareService, type TestService } from '../upstream/declare-service.js'
import { headersOf } from '../upstream/recorded-calls.js'

type Undici = typeof import('undici')
/** The part of a WebSocket that all of them have. */
type Socket = Pick<WebSocketLike, 'addEventListener' | 'close'>
interface WebSocketLike {
  addEventListener(type: string, listener: () => void): void
  close(): void
}
type Opener = (url: string) => Socket

// The first to be asked for puts its dispatcher in place, which is the one that Node's own WebSocket then runs on.
Reflect.get(globalThis, 'Response')
const load = createRequire(import.meta.url)
const isNode22 = Number(process.versions.node.split('.')[0]) >= 22
/** 6.24 and 8.10 tell of no upgrade on any channel, the newest 7 does. */
const undicis = ['undici', 'undici6', ...(isNode22 ? ['undici8'] : [])]
const builtIn = (globalThis as { WebSocket?: new (url: string) => Socket }).WebSocket
const openers: [name: string, opener: Opener][] = [
  ...undicis.map((name): [string, Opener] => [
    name,
    (url) => {
      const { WebSocket, Agent } = load(name) as Undici
      return new WebSocket(url, { dispatcher: new Agent() })
    },
  ]),
  ...(builtIn === undefined ? [] : [['Node', (url) => new builtIn(url)] as [string, Opener]]),
  ['ws, by node:http', (url) => new WsClient(url) as Socket],
]

let server: Server
let origin: string
let tested: TestService
let end: () => void

beforeAll(async () => {
  const accepting = new WebSocketServer({ noServer: true })
  server = createServer((_request, response) => response.end('no upgrade'))
  server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    if (request.url === '/refused') {
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    } else if (request.url === '/cut') socket.destroy()
    else accepting.handleUpgrade(request, socket, head, (ws) => ws.on('message', () => ws.close()))
  })
  server.on('connect', (_request, socket: Duplex) => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

beforeEach(() => {
  tested = declareService({})
  end = observeCalls(tested.recorded, tested.options, (error) => tested.failures.push(error))
})
afterEach(async () => {
  end()
  await tested.close(0)
  expect(tested.failures).toEqual([])
})

/** Opens one; it is closed by the function that is returned. */
async function open(opener: Opener, path = '/'): Promise<() => Promise<void>> {
  const socket = opener(origin.replace('http', 'ws') + path)
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('not opened')))
  })
  return () => {
    socket.close()
    return closed
  }
}

describe.each(openers)('a WebSocket of %s', (_name, opener) => {
  it('is a call that has ended once it is open', async () => {
    const close = await open(opener, '/live?token=1')
    const told = await tested.recorded.one()
    expect(await told.ended).toEqual({})
    expect(told.start).toMatchObject({ method: 'GET', url: `${origin}/live?token=1` })
    expect(told.statusCode).toBe(101)
    expect(headersOf(told.responseHeaders).upgrade).toBe('websocket')
    await close()
    expect([told.heads, told.ends]).toEqual([1, 1])
  })

  it.each(['/refused', '/cut'])('that is not opened has ended too: %s', async (path) => {
    await expect(open(opener, path)).rejects.toThrow('not opened')
    const told = await tested.recorded.one()
    await told.ended
    expect(told.statusCode === 403 || told.end?.error !== undefined).toBe(true)
  })

  it.each([
    ['with a store', 'memory:'],
    ['without one', false],
  ] as const)('is Completed, %s', async (_store, store) => {
    end()
    const { app, lines, records } = await buildApp({
      log: { observe: true, queuedAfterMs: 3_600_000 },
      store,
    })
    await app.ready()
    const closers = await Promise.all(Array.from({ length: 20 }, () => open(opener)))
    await app.integrations.settled()
    expect(app.integrations.stats()).toMatchObject({ openCalls: 0, recorded: 20 })
    const all =
      store === false ? lines.map(({ integrationRequest }) => integrationRequest) : await records()
    expect(all.filter(Boolean)).toHaveLength(20)
    for (const record of all.filter(Boolean))
      expect(record).toMatchObject({ status: 'Completed', statusCode: 101, error: null })
    await Promise.all(closers.map((close) => close()))
    await app.close()
  })
})

describe.each(undicis)('%s', (name) => {
  const { upgrade, connect, WebSocket, Agent } = load(name) as Undici
  const headers = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' }

  it('upgrade is a call that has ended with its 101', async () => {
    const dispatcher = new Agent()
    const { socket } = await upgrade(origin, { protocol: 'websocket', headers, dispatcher })
    const told = await tested.recorded.one()
    expect(await told.ended).toEqual({})
    expect(told.statusCode).toBe(101)
    socket.destroy()
    await dispatcher.close()
  })

  it('connect makes a tunnel, which is not recorded', async () => {
    const dispatcher = new Agent()
    const { socket } = await connect(origin, { path: 'elsewhere.example:443', dispatcher } as never)
    expect(tested.recorded.calls).toEqual([])
    socket.destroy()
    await dispatcher.close()
  })

  it.runIf(name === 'undici')(
    'through the connections of a service it is the service’s',
    async () => {
      const own = declareService({ origin })
      const endOwn = observeCalls(own.recorded, own.options, () => undefined)
      const { dispatcher } = own.service
      const socket = new WebSocket(origin.replace('http', 'ws'), { dispatcher } as never)
      await once(socket, 'open')
      const told = await own.recorded.one()
      expect(await told.ended).toEqual({})
      expect([told.start.service, told.statusCode]).toEqual(['payments', 101])
      socket.close()
      await once(socket, 'close')
      endOwn()
      await own.close(0)
    },
  )
})

it('a WebSocket of a service is Completed, its bodies kept by the policy of a success', async () => {
  end()
  const { WebSocket } = load('undici') as Undici
  const services = { live: { origin, bodies: 'failed' } } as const
  const { app, records } = await buildApp({ log: { services } })
  const { dispatcher } = app.integrations.service('live')
  const socket = new WebSocket(origin.replace('http', 'ws'), { dispatcher } as never)
  await once(socket, 'open')
  expect(only(await records())).toMatchObject({
    service: 'live',
    status: 'Completed',
    statusCode: 101,
  })
  socket.close()
  await once(socket, 'close')
  await app.close()
})
