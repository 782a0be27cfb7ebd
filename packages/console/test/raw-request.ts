import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** Sends bytes over a socket of their own and returns all that comes back, until the server closes it. */
export async function rawRequest(port: number, head: string, body = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  // A server that refuses a body may reset the connection behind its answer.
  socket.on('error', () => {})
  await once(socket, 'connect')
  const host = /^host:/im.test(head) ? '' : '\r\nHost: service.test'
  socket.write(`${head}${host}\r\nConnection: close\r\n\r\n`)
  socket.write(body)
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

/** Starts an application on a free port. */
export async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}
