import { once } from 'node:events'
import websocket from '@fastify/websocket'
import { describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { expectError } from './error-answer.js'
import { type Parts, SETUPS, startFamily } from './family.js'

const parts: Parts = {
  plugin: (app) => app.register(websocket),
  routes: (app) => {
    app.addHook('preValidation', async (request) => {
      if (request.url === '/refused') throw app.scs.registerError(forbidden)()
      if (request.url === '/hook-crash') throw new Error('boom in a hook')
    })
    app.get('/echo', { websocket: true }, (socket) => {
      socket.on('message', (data) => socket.send(String(data)))
    })
    app.get('/refused', { websocket: true }, (socket) => socket.close())
    app.get('/hook-crash', { websocket: true }, (socket) => socket.close())
    app.get('/throws', { websocket: true }, () => {
      throw new Error('boom')
    })
    app.get('/rejects', { websocket: true }, async () => {
      throw new Error('boom')
    })
    app.route({
      method: 'GET',
      url: '/ws-handler',
      handler: () => 'not a socket',
      wsHandler: () => {
        throw new Error('boom')
      },
    })
    app.get('/plain', () => 'ok')
  },
}
const forbidden = { code: 403, id: 'orders-members-only', message: 'Members only' }

/** What a refused handshake was answered. */
async function refusal(address: string, path: string): Promise<Response> {
  const client = new WebSocket(address.replace('http', 'ws') + path)
  const [, answer] = await once(client, 'unexpected-response')
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  return new Response(Buffer.concat(chunks), {
    status: answer.statusCode,
    headers: answer.headers,
  })
}

describe.each(SETUPS)('@fastify/websocket, registered $order, $format', (setup) => {
  const { format } = setup

  it('answers an error before the upgrade as any other, and reports a crash once', async () => {
    const { address, reports, settled } = await startFamily(setup, parts)
    await expectError(await refusal(address, '/refused'), format, {
      status: 403,
      id: 'orders-members-only',
      message: 'Members only',
    })
    await expectError(await refusal(address, '/nowhere'), format, {
      status: 404,
      id: 'not-found',
      message: 'Route GET:/nowhere not found',
    })
    await expectError(await refusal(address, '/hook-crash'), format, {
      status: 500,
      id: 'internal-server-error',
      code: 'SERVER_ERROR',
      message: 'An unexpected error occurred',
    })
    await settled()
    expect(reports.map(({ request }) => request?.path)).toEqual(['/hook-crash'])
  })

  it.each(['/throws', '/rejects', '/ws-handler'])(
    'an error in a handler after the upgrade ends its socket, and the others live: %s',
    async (path) => {
      const { address, reports, warnings, errorLines, settled } = await startFamily(setup, parts)
      const url = address.replace('http', 'ws')
      const echo = new WebSocket(`${url}/echo`)
      await once(echo, 'open')
      const failing = new WebSocket(url + path)
      await once(failing, 'close')
      echo.send('still there')
      const [data] = await once(echo, 'message')
      expect(String(data)).toBe('still there')
      expect(await (await fetch(`${address}/plain`)).text()).toBe('ok')
      echo.close()
      await settled()
      // The plugin takes the handlers when routes are declared: one that is registered first gives them to nobody.
      const isSeen = setup.order === 'after ours'
      expect(reports.map(({ title, request }) => [title, request?.path])).toEqual(
        isSeen ? [[`FATAL BACKEND ERROR orders 500 SERVER_ERROR: GET ${path}: boom`, path]] : [],
      )
      expect(errorLines.map(({ msg }) => msg)).toEqual(['boom'])
      const advice = 'register @fastify-scs/error-reporter before @fastify/websocket'
      expect(warnings.filter((message) => String(message).includes(advice))).toHaveLength(
        isSeen ? 0 : 1,
      )
    },
  )

  it('a client that breaks its connection is no crash', async () => {
    const { address, reports, errorLines, settled } = await startFamily(setup, parts)
    const echo = new WebSocket(`${address.replace('http', 'ws')}/echo`)
    await once(echo, 'open')
    echo.terminate()
    await once(echo, 'close')
    expect(await (await fetch(`${address}/plain`)).text()).toBe('ok')
    await settled()
    expect([reports, errorLines]).toEqual([[], []])
  })

  it('a route for sockets without the plugin is a common route, reported once', async () => {
    const { address, reports, settled } = await startFamily(setup, {
      plugin: () => undefined,
      routes: (app) =>
        app.get('/throws', { websocket: true } as object, async () => {
          throw new Error('boom')
        }),
    })
    await expectError(await fetch(`${address}/throws`), format, {
      status: 500,
      id: 'internal-server-error',
      code: 'SERVER_ERROR',
      message: 'An unexpected error occurred',
    })
    await settled()
    expect(reports).toHaveLength(1)
  })
})
