import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { Connection } from '../src/measure/connection.js'

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
let server: Server | undefined

afterEach(() => {
  server?.close()
})

async function connectTo(answer: (socket: Socket, request: string) => void): Promise<Connection> {
  server = createServer((socket) => {
    socket.on('data', (request) => answer(socket, request.toString()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('No port')
  const request = { method: 'GET', path: '/tea' }
  const module = new URL('file:///unused.js')
  return Connection.open(address.port, { module, variant: '', request, expectedStatus: 200 })
}

it('sends the next request only after the answer, and as many as asked for', async () => {
  const requests: string[] = []
  const connection = await connectTo((socket, request) => {
    requests.push(request)
    setTimeout(() => socket.write(OK), 1)
  })
  expect(await connection.ask(3)).toEqual({ status: 200, body: 'ok' })
  expect(await connection.ask(1)).toEqual({ status: 200, body: 'ok' })
  expect(requests).toEqual(Array(4).fill('GET /tea HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'))
  connection.close()
})

it('tells how long each answer took', async () => {
  const connection = await connectTo((socket) => setTimeout(() => socket.write(OK), 20))
  const elapsedMs: number[] = []
  await connection.ask(3, (ms) => elapsedMs.push(ms))
  expect(elapsedMs).toHaveLength(3)
  // A timer may end a millisecond early.
  for (const ms of elapsedMs) expect(ms).toBeGreaterThanOrEqual(18)
  connection.close()
})

it('fails at an answer with another status and says what it was', async () => {
  const connection = await connectTo((socket) =>
    socket.write('HTTP/1.1 503 No\r\ncontent-length: 4\r\n\r\nbusy'),
  )
  await expect(connection.ask(2)).rejects.toThrow('Answered 503, expected 200: busy')
})

it('fails when the server closes the connection', async () => {
  const connection = await connectTo((socket) => socket.destroy())
  await expect(connection.ask(1)).rejects.toThrow(/closed|ECONNRESET/)
})

it('fails at an answer too many', async () => {
  const connection = await connectTo((socket) => socket.write(OK + OK))
  await connection.ask(1)
  await expect(connection.ask(1)).rejects.toThrow('An answer that nothing asked for')
})
