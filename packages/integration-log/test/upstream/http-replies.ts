import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Gate } from './gate.js'

/** What a reply may need of the upstream. */
export interface ReplyTools {
  readonly otherOrigin: string
  /** Opened by the test once it has seen what was sent so far. */
  readonly gate: Gate
}

/** What a server does with a request. */
export type HttpReply = (
  request: IncomingMessage,
  response: ServerResponse,
  tools: ReplyTools,
) => unknown

/** The body of an answer that is a 200 and says no. */
export const DECLINED = '{"ok":false,"reason":"expired_card","session_id":"s-1"}'
const TEXT = JSON.stringify({ paid: true, note: 'x'.repeat(2_000) })
/** Bytes of the huge answer. */
export const HUGE_BYTES = 32 * 1_048_576

async function digestOf(request: IncomingMessage): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of request) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return JSON.stringify({ bytes, sha256: hash.digest('hex') })
}

function redirect(statusCode: number, location: string): HttpReply {
  return (request, response) => {
    request.resume()
    response.writeHead(statusCode, { location }).end('go there')
  }
}

async function sendHuge(response: ServerResponse): Promise<void> {
  const piece = Buffer.alloc(65_536, 'huge')
  response.writeHead(200, { 'content-type': 'application/octet-stream' })
  for (let sent = 0; sent < HUGE_BYTES; sent += piece.length) {
    if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve))
  }
  response.end()
}

/** Replies of a well-behaved server, by path. */
export const HTTP_REPLIES: Readonly<Record<string, HttpReply>> = {
  '/json': (_request, response) =>
    response.setHeader('content-type', 'application/json').end('{"a":1}'),
  // As many services do: the call went well, says the status; the body says that it did not.
  '/declined': (_request, response) =>
    response
      .setHeader('content-type', 'application/json')
      .setHeader('x-request-id', 'req_1')
      .end(DECLINED),
  '/declined-packed': (_request, response) =>
    response
      .setHeader('content-type', 'application/json')
      .setHeader('content-encoding', 'gzip')
      .end(gzipSync(DECLINED)),
  '/guarded': (request, response) => {
    request.resume()
    const isKnown = request.headers.authorization === 'Bearer new'
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
    response.end(isKnown ? '{"ok":true}' : '{"error":"expired"}')
  },
  '/chunked': (_request, response) => {
    for (const part of ['one', 'two', 'three']) response.write(part)
    response.end()
  },
  '/gzip': (_request, response) =>
    response.setHeader('content-encoding', 'gzip').end(gzipSync(TEXT)),
  '/brotli': (_request, response) =>
    response.setHeader('content-encoding', 'br').end(brotliCompressSync(TEXT)),
  '/not-gzip': (_request, response) =>
    response.setHeader('content-encoding', 'gzip').end('no gzip'),
  '/no-content': (_request, response) => response.writeHead(204).end(),
  '/not-modified': (_request, response) => response.writeHead(304, { etag: '"1"' }).end(),
  '/error': (_request, response) => response.writeHead(500).end('it broke'),
  '/moved': redirect(301, '/json'),
  '/see-other': redirect(303, '/json'),
  '/temporary': redirect(307, '/echo'),
  '/loop': redirect(302, '/loop'),
  '/bad-location': redirect(302, 'http://:0/'),
  '/abroad': (_request, response, { otherOrigin }) =>
    response.writeHead(302, { location: `${otherOrigin}/json` }).end(),
  '/cookies': (_request, response) => response.setHeader('set-cookie', ['a=1', 'b=2']).end('ok'),
  '/trailers': (_request, response) => {
    response.writeHead(200, { trailer: 'x-sum' })
    response.write('body')
    response.addTrailers({ 'x-sum': '42' })
    response.end()
  },
  '/huge': (_request, response) => sendHuge(response),
  '/echo': async (request, response) => response.end(await digestOf(request)),
  '/once': (request, response) => response.end(String(request.headers['x-once'])),
  // The headers that the query names.
  '/say': (request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://upstream')
    for (const [name, value] of searchParams) response.setHeader(name, value)
    response.end('ok')
  },
  '/port': (request, response) => response.end(String(request.socket.remotePort)),
  '/hangs': (request) => request.resume(),
  '/deaf': (_request, _response, { gate }) => gate.open(),
  '/first-byte': (request, _response, { gate }) => request.once('data', () => gate.open()),
  '/early-answer': (_request, response) =>
    response.writeHead(413, { connection: 'close' }).end('too much'),
  '/head-then-hangs': (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    response.write('first')
  },
  '/steps': async (_request, response, { gate }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const step of [1, 2, 3]) {
      const passed = gate.passed()
      response.write(`data: ${step}\n\n`)
      await passed
    }
    response.end()
  },
}
