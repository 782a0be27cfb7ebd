import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import proxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'
import { describe, expect, it, onTestFinished } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { expectError } from './error-answer.js'
import { type Family, type Parts, SETUPS, startFamily, startPlain } from './family.js'

async function listen(server: Server): Promise<string> {
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A service that answers errors of its own, hangs, breaks off or resets the connection. */
function startUpstream(): Promise<string> {
  return listen(
    createServer((request, response) => {
      const [, what] = (request.url ?? '').split('/')
      if (what === 'hang') return
      if (what === 'reset') request.socket.resetAndDestroy()
      else if (what === 'cut') {
        response.writeHead(200, { 'content-length': '5000' }).write('begun')
        setTimeout(() => response.destroy(), 50)
      } else {
        const type = { 'content-type': 'application/vnd.own+json', 'x-own': '1', etag: '"1"' }
        response.writeHead(Number(what), { ...type, 'retry-after': '7' })
        response.end('{"own":"body"}')
      }
    }),
  )
}

/** An address that nobody listens at. */
async function closedAddress(): Promise<string> {
  const server = createServer()
  const address = await listen(server)
  await new Promise((resolve) => void server.close(resolve))
  return address
}

/** The outbound calls of the app's requests; those of the test itself are of no request. */
async function callsOf(app: FastifyInstance): Promise<readonly unknown[]> {
  const { items } = await app.integrations.find({})
  return items.filter(({ requestId }) => requestId !== null)
}

async function start(setup: (typeof SETUPS)[number]): Promise<Family & { readonly plain: string }> {
  const upstream = await startUpstream()
  const down = await closedAddress()
  const undici = { headersTimeout: 200 }
  const parts: Parts = {
    plugin: () => undefined,
    routes: async (app) => {
      await app.register(proxy, { upstream, prefix: '/up', undici, retryMethods: [] })
      await app.register(proxy, { upstream: down, prefix: '/down', retryMethods: [] })
      await app.register(proxy, { upstream: 'http://nobody.invalid', prefix: '/unknown' })
    },
  }
  const plain = await startPlain(parts)
  return { ...(await startFamily(setup, parts)), plain }
}

describe.each(SETUPS.slice(3))('@fastify/http-proxy, $format', (setup) => {
  const { format } = setup

  it.each([400, 404, 500, 503])("passes the upstream's own %i on, unchanged", async (status) => {
    const { app, address, plain, reports, settled } = await start(setup)
    const answer = await fetch(`${address}/up/${status}`)
    const other = await fetch(`${plain}/up/${status}`)
    const date = ['date', answer.headers.get('date')]
    const withoutId = [...answer.headers].filter(([name]) => name !== 'x-error-id')
    const otherHeaders = [...other.headers].map((pair) => (pair[0] === 'date' ? date : pair))
    expect([answer.status, withoutId]).toEqual([other.status, otherHeaders])
    expect(await answer.text()).toBe('{"own":"body"}')
    await settled()
    expect(reports).toHaveLength(status >= 500 ? 1 : 0)
    expect(await callsOf(app)).toMatchObject([{ statusCode: status, method: 'GET' }])
  })

  it.each([
    ['/down/orders', 502, 'bad-gateway', 'Bad Gateway'],
    ['/unknown/orders', 503, 'service-unavailable', 'Service Unavailable'],
    ['/up/hang', 504, 'gateway-timeout', 'Gateway Timeout'],
    ['/up/reset', 502, 'bad-gateway', 'Bad Gateway'],
  ])('answers and reports an upstream that fails, once: %s', async (path, status, id, message) => {
    const { app, address, reports, settled } = await start(setup)
    const answer = await fetch(address + path)
    await expectError(answer, format, { status, id, message })
    await settled()
    expect(reports).toHaveLength(1)
    expect(reports[0]?.response?.status).toBe(status)
    expect(await callsOf(app)).toMatchObject([{ status: 'Failed' }])
    const calls = reports[0]?.facts.outbound_calls as unknown[]
    expect(calls).toHaveLength(1)
  })

  it('passes a WebSocket through to the upstream', async () => {
    const upstream = await listen(createServer())
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    onTestFinished(() => sockets.close())
    await once(sockets, 'listening')
    sockets.on('connection', (socket) => {
      socket.on('message', (data) => socket.send(String(data)))
    })
    const { port } = sockets.address() as AddressInfo
    const wsUpstream = `ws://127.0.0.1:${port}`
    const { address, reports, errorLines, settled } = await startFamily(setup, {
      plugin: () => undefined,
      routes: (app) =>
        app.register(proxy, { upstream, wsUpstream, prefix: '/up', websocket: true }),
    })
    const client = new WebSocket(`${address.replace('http', 'ws')}/up/`)
    await once(client, 'open')
    client.send('hello')
    expect(String((await once(client, 'message'))[0])).toBe('hello')
    client.close()
    await once(client, 'close')
    await settled()
    expect([reports, errorLines]).toEqual([[], []])
  })

  it('an upstream that breaks off cuts the answer off, and is reported once', async () => {
    const { address, reports, settled } = await start(setup)
    const cut = await fetch(`${address}/up/cut`)
    expect(cut.status).toBe(200)
    await expect(cut.text()).rejects.toThrow()
    await expect.poll(() => reports.length).toBe(1)
    await settled()
    expect(reports[0]?.response?.interrupted).toBe(true)
  })
})
