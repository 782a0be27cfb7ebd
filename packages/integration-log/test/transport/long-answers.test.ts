import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createHttp2Server, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { EventSource, H2CClient, request, WebSocket } from 'undici'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { observeCalls } from '../../src/transport/observe.js'
import { declareService, type TestService } from '../upstream/declare-service.js'

let events: Server
let http2: Http2Server
let tested: TestService
let end: () => void

function originOf(server: Server | Http2Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  events = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('retry: 3600000\ndata: one\n\n')
  })
  http2 = createHttp2Server({ settings: { enableConnectProtocol: true } })
  http2.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    if (headers[':path'] === '/refused') stream.respond({ ':status': 403 }, { endStream: true })
    else if (headers[':protocol'] === 'websocket') stream.respond({ ':status': 200 })
    else if (headers[':path'] === '/cut') stream.close(2)
    else stream.respond({ ':status': 200 }) ?? stream.end('over HTTP/2')
  })
  for (const server of [events, http2]) await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterAll(() => {
  events.closeAllConnections()
  events.close()
  http2.close()
})

beforeEach(() => {
  tested = declareService({})
  end = observeCalls(tested.recorded, tested.options, (error) => tested.failures.push(error))
})
afterEach(() => {
  end()
  expect(tested.failures).toEqual([])
})

it('an EventSource is open as long as its stream, and has ended once it is closed', async () => {
  const source = new EventSource(originOf(events))
  await new Promise((resolve) => source.addEventListener('message', resolve))
  const told = await tested.recorded.one()
  expect([told.statusCode, told.ends]).toEqual([200, 0])
  source.close()
  await told.ended
  expect(told.ends).toBe(1)
})

it('a stream that the host cancels has ended', async () => {
  const response = await fetch(originOf(events))
  const told = await tested.recorded.one()
  expect([told.statusCode, told.ends]).toEqual([200, 0])
  await response.body?.cancel()
  await told.ended
})

it('a call over HTTP/2 ends as one over HTTP/1 does', async () => {
  const dispatcher = new H2CClient(originOf(http2))
  const response = await request(`${originOf(http2)}/`, { dispatcher })
  expect(await response.body.text()).toBe('over HTTP/2')
  await expect(request(`${originOf(http2)}/cut`, { dispatcher })).rejects.toThrow()
  const [whole, cut] = await tested.recorded.atLeast(2)
  expect(await whole?.ended).toEqual({})
  expect(whole?.statusCode).toBe(200)
  expect((await cut?.ended)?.error).toBeInstanceOf(Error)
  await dispatcher.close()
})

it.each(['/', '/refused'])(
  'a WebSocket over HTTP/2 has ended with its answer: %s',
  async (path) => {
    const dispatcher = new H2CClient(originOf(http2))
    // A refusal over HTTP/2 tells the host nothing, neither an error nor a close.
    new WebSocket(`${originOf(http2).replace('http', 'ws')}${path}`, { dispatcher })
    const told = await tested.recorded.one()
    await told.ended
    expect(told.statusCode).toBe(path === '/' ? 200 : 403)
    expect(told.ends).toBe(1)
    await dispatcher.destroy()
  },
)
