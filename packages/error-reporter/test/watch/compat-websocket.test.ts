import { once } from 'node:events'
import websocket from '@fastify/websocket'
import Fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'
import WebSocket from 'ws'
import { watchSocketHandlers } from '../../src/watch/compat-websocket.js'

/** A server whose routes throw: what the watch has seen, and the address. */
async function start() {
  const seen: { message: string; path: string }[] = []
  const app = Fastify()
  watchSocketHandlers(app, (error, request) => {
    seen.push({ message: (error as Error).message, path: request.url })
  })
  await app.register(websocket)
  app.get('/throws', { websocket: true }, () => {
    throw new Error('at once')
  })
  app.get('/rejects', { websocket: true }, async () => {
    throw new Error('later')
  })
  app.get('/common', () => {
    throw new Error('of a common route')
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  return { seen, address }
}

it.each([
  ['/throws', 'at once'],
  ['/rejects', 'later'],
])(
  '@fastify/websocket gives its handlers to nobody, and %s is seen all the same',
  async (path, message) => {
    const { seen, address } = await start()
    const client = new WebSocket(address.replace('http', 'ws') + path)
    await once(client, 'close')
    expect(seen).toEqual([{ message, path }])
  },
)

it('what a common route throws is left to Fastify', async () => {
  const { seen, address } = await start()
  expect((await fetch(`${address}/common`)).status).toBe(500)
  expect(seen).toEqual([])
})
