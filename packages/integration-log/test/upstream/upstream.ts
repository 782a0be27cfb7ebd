import { once } from 'node:events'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { Gate } from './gate.js'
import { HTTP_REPLIES } from './http-replies.js'
import { listen } from './listen.js'
import { RAW_REPLIES } from './raw-replies.js'

/** Servers on 127.0.0.1 that answer in every odd way. */
export interface Upstream {
  /** Well-behaved, by the paths of `HTTP_REPLIES`. */
  readonly origin: string
  /** The same, at another port. */
  readonly otherOrigin: string
  /** Ill-behaved, by the paths of `RAW_REPLIES`. */
  readonly rawOrigin: string
  /** Nobody listens there. */
  readonly deadOrigin: string
  readonly gate: Gate
  close(): Promise<void>
}

/** Starts them. */
export async function startUpstream(): Promise<Upstream> {
  const gate = new Gate()
  const other = serveHttp(gate, '')
  const otherOrigin = await listen(other)
  const http = serveHttp(gate, otherOrigin)
  const raw = serveRaw()
  const dead = createServer()
  const deadOrigin = await listen(dead)
  await closed(dead)
  return {
    origin: await listen(http),
    otherOrigin,
    rawOrigin: await listen(raw.server),
    deadOrigin,
    gate,
    close: async () => {
      for (const server of [http, other]) server.closeAllConnections()
      for (const socket of raw.sockets) socket.destroy()
      await Promise.all([closed(http), closed(other), closed(raw.server)])
    },
  }
}

function serveHttp(gate: Gate, otherOrigin: string): HttpServer {
  return createHttpServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://upstream').pathname
    const reply = HTTP_REPLIES[path]
    if (reply === undefined) response.writeHead(404).end()
    // A client that goes away is what some tests are about.
    else Promise.resolve(reply(request, response, { gate, otherOrigin })).catch(() => undefined)
  })
}

function serveRaw(): { readonly server: Server; readonly sockets: Set<Socket> } {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    let head = ''
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      const path = head.split(' ')[1] ?? ''
      head = ''
      RAW_REPLIES[path]?.(socket)
    })
  })
  return { server, sockets }
}

async function closed(server: Server): Promise<void> {
  if (!server.listening) return
  server.close()
  await once(server, 'close')
}
